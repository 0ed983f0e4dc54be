"""A browser, for the end-to-end test of LiteLLM's Admin UI."""

import shutil

from bootstrap.errors import BootstrapError
from bootstrap.execution.step import Lane, Step
from bootstrap.machine import Machine
from bootstrap.steps.apt import apt_install

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""Programs that serve, any one of them."""


def find_browser() -> str | None:
    """Return the path of an installed browser; None when there is none."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def browser_steps(machine: Machine) -> list[Step]:
    """Return the step that installs Debian's Chromium; none where a browser is installed.

    Raises:
        BootstrapError: when bootstrap cannot install one: it needs root, and Ubuntu's package would install a snap.
    """
    if machine.commands & set(PROGRAMS):
        return []
    if not (machine.root and machine.distribution == "debian"):
        how = "sudo apt-get install chromium" if machine.distribution == "debian" else "install Chromium or Chrome"
        raise BootstrapError(
            f"the Admin UI's test needs a browser: {how}, or set GATEWAY_SKIP_BROWSER=1 to leave it out"
        )
    # Without a font a headless browser draws no letters.
    actions = apt_install("chromium", "fonts-liberation")
    return [Step("browser", "no Chromium is installed; the Admin UI's test uses one", Lane.DOCKER, actions)]
