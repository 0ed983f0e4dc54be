"""The checkout's Python environment, shared with copies of the project that Pulumi runs."""

from pathlib import Path

from bootstrap.project import VENV


def share_environment(folder: Path, source: Path = VENV) -> None:
    """Link the environment into a copy of the project; nothing happens when the source has none.

    Pulumi's Python host runs the program with the environment that Pulumi.yaml names, below its own folder, and makes
    an empty one when it is missing. The links are in a real folder: git would not ignore a link of that name.
    """
    if not source.is_dir():
        return
    target = folder / VENV.name
    target.mkdir()
    for part in source.iterdir():
        (target / part.name).symlink_to(part)
