"""The three files of an existing deployment become a stack that serves."""

import httpx
import yaml

from testbed.completion import MODEL, status
from testbed.mock_provider import MODELS
from testbed.project import Project
from tests.e2e.adopt.conftest import STACK, Adopted
from tests.e2e.adopt.old_files import MASTER_KEY, SECRETS


def test_every_model_and_secret_is_adopted_and_no_secret_is_shown(adopted: Adopted) -> None:
    assert adopted.result.exit_code == 0, adopted.result.output
    print(f"\n{adopted.result.output}")
    folder = adopted.project.folder / "stacks" / STACK / "models"
    assert {file.stem for file in folder.glob("*.yaml")} == set(MODELS)
    text = adopted.project.config_file.read_text() + "".join(file.read_text() for file in folder.glob("*.yaml"))
    assert [name for name, value in SECRETS.items() if value in text + adopted.result.output] == []
    assert set(yaml.safe_load(text.partition("encryptionsalt")[0])["config"]["gateway:provider_keys"]) == {
        "OLLAMA_API_KEY", "VOYAGE_API_KEY", "COHERE_API_KEY", "GEMINI_API_KEY",
    }  # fmt: skip
    assert {option: file.read_bytes() for option, file in adopted.files.items()} == adopted.before


def test_a_stack_that_exists_is_not_touched(adopted: Adopted) -> None:
    before = adopted.project.config_file.read_text()
    refused = adopted.project.ops("adopt", STACK, *adopted.arguments, "--yes")
    assert refused.exit_code == 1
    assert (
        refused.output.strip()
        == f"error: stack {STACK} exists already: stacks/Pulumi.{STACK}.yaml; choose another name"
    )
    assert adopted.project.config_file.read_text() == before


def test_the_old_master_key_gets_an_answer(gateway: Project) -> None:
    url = gateway.output("proxy_url")
    assert url.endswith(f":{gateway.config['gateway:edge']['proxy_port']}")
    assert gateway.output("master_key") == MASTER_KEY
    assert status(url, MASTER_KEY, MODEL) == 200
    listed = httpx.get(f"{url}/v1/models", headers={"Authorization": f"Bearer {MASTER_KEY}"}).json()["data"]
    assert {model["id"] for model in listed} >= set(MODELS)
    gateway.expect_no_changes()
