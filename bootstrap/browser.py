"""A browser: only the end-to-end tests want one, to use LiteLLM's Admin UI as people do."""

import shutil

from bootstrap.machine import Machine
from bootstrap.plan import Refusal
from bootstrap.pulumi import apt_install
from bootstrap.step import Lane, Step

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""Names that Chromium and its kin go by; one is enough."""


def find() -> str | None:
    """Give the path of an installed browser."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def browser_steps(machine: Machine) -> list[Step]:
    """Debian's Chromium where no browser is installed.

    Raises:
        Refusal: where bootstrap cannot install it. Ubuntu's package of that name installs a snap, which needs more.
    """
    if machine.commands & set(PROGRAMS):
        return []
    if not (machine.root and machine.distribution == "debian"):
        how = "sudo apt-get install chromium" if machine.distribution == "debian" else "install Chromium or Chrome"
        raise Refusal(f"the Admin UI's test needs a browser: {how}, or set GATEWAY_SKIP_BROWSER=1 to leave it out")
    # A headless browser draws no letter without a font.
    work = apt_install("chromium", "fonts-liberation")
    return [Step("browser", "no Chromium is installed; the Admin UI's test uses one", Lane.DOCKER, work)]
