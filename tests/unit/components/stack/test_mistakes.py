"""Wrong configurations, each refused in one sentence before anything is made (mistakes.yaml)."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.stack.checks.warnings import warnings
from components.stack.read import parse

LARGE = "provider: groq\nmodel: large\napi_key: os.environ/GROQ_API_KEY\n"
MISTAKES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("mistakes.yaml").read_text())
HUSHED = ("hush", "hunter2", "gsk_", "sk-0")


def refusal(case: dict[str, Any], folder: Path) -> str:
    """Return why a configuration is refused, without the folder of its files."""
    (folder / "python").mkdir()
    (folder / "large.yaml").write_text(LARGE)
    if "model" in case:
        (folder / "small.yaml").write_text(yaml.safe_dump(case["model"]))
    (folder / "ca.pem").write_text(case.get("ca", ""))
    for name, text in case.get("python", {}).items():
        (folder / "python" / name).write_text(text)
    stack = {"model_folder": str(folder), **case.get("stack", {})}
    own = {"python": {"python_folder": f"{folder}/python"}, "ca": {"ca_certificates": f"{folder}/ca.pem"}}
    if files := [own[kind] for kind in own if kind in case]:
        stack["litellm"] = files[0]
    with pytest.raises(pulumi.RunError) as refused:
        # As the program does: the settings, then the catalogue.
        warnings(parse({f"gateway:{key}": json.dumps(value) for key, value in stack.items()}, "gateway"))
    return str(refused.value).replace(f"{folder}/", "")


def test_there_are_more_than_forty() -> None:
    assert len(MISTAKES) > 40
    assert len({case["mistake"] for case in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: str(case["mistake"]))
def test_mistake_is_refused_in_one_sentence(case: dict[str, Any], tmp_path: Path) -> None:
    found = refusal(case, tmp_path)
    assert found == case["sentence"]
    assert not [secret for secret in HUSHED if secret in found]
