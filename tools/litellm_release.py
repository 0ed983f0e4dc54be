"""Write what a LiteLLM release knows of its config.yaml to components/releases, read out of its image.

python -m tools.litellm_release IMAGE [--check]
"""

import json
import subprocess
from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path(__file__).parents[1] / "components" / "releases"
READER = Path(__file__).with_name("litellm_release_reader.py")


def read(image: str) -> dict[str, object]:
    """Return what the release in an image knows.

    Raises:
        subprocess.CalledProcessError: when the image does not run the reader.
    """
    command = ("docker", "run", "--rm", "-i", "--network=none", "-e", "LITELLM_LOCAL_MODEL_COST_MAP=True")
    ended = subprocess.run(
        (*command, "--entrypoint", "python3", image, "-"),
        input=READER.read_text(),
        text=True,
        capture_output=True,
        check=True,
        timeout=600,
    )
    release: dict[str, object] = json.loads(ended.stdout)
    return release


def file_of(release: str) -> Path:
    """Return the file of a release: one for each minor version."""
    return FOLDER / f"{'.'.join(release.split('.')[:2])}.json"


def text(release: dict[str, object]) -> str:
    """Return the file's text: one name a line, so that a new release shows as changed lines."""
    return json.dumps(release, indent=1, ensure_ascii=False) + "\n"


def main(
    image: Annotated[str, typer.Argument(help="LiteLLM's image, such as ghcr.io/berriai/litellm:v1.108.14.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Only report whether the file is up to date.")] = False,
) -> None:
    """Read a LiteLLM release out of its image and write its file."""
    release = read(image)
    file = file_of(str(release["release"]))
    if not check:
        file.write_text(text(release))
        print(f"wrote {file}")
    elif not file.is_file() or file.read_text() != text(release):
        print(f"{file} is not what {image} says: run `python -m tools.litellm_release {image}`")
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
