"""The project's program, except that its salt key has another name: Pulumi would delete the one that exists."""

import runpy
from pathlib import Path
from typing import Any

import pulumi_random

import components


class RenamedPassword(pulumi_random.RandomPassword):
    """A password; the salt key's has another name."""

    def __init__(self, name: str, *arguments: Any, **options: Any) -> None:
        """Make the password."""
        super().__init__("another-key" if name == "salt-key" else name, *arguments, **options)


vars(pulumi_random)["RandomPassword"] = RenamedPassword
runpy.run_path(str(Path(components.__file__).parents[1] / "__main__.py"), run_name="__main__")
