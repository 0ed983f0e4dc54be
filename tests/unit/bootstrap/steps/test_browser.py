"""The tests' browser: installed where that is simple, named where it is not."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.machine import Machine
from bootstrap.steps.browser import PROGRAMS, browser_steps
from tests.unit.bootstrap.machines import FRESH


def test_debian_gets_chromium_and_a_font() -> None:
    (step,) = browser_steps(FRESH)
    assert str(step.actions[-1]).endswith("install -y --no-install-recommends chromium fonts-liberation")


@pytest.mark.parametrize("program", PROGRAMS)
def test_installed_browser_is_used(program: str) -> None:
    assert browser_steps(replace(FRESH, commands=frozenset({program}), root=False)) == []


@pytest.mark.parametrize(
    ("machine", "cure"),
    [
        (replace(FRESH, root=False), "sudo apt-get install chromium"),
        (replace(FRESH, distribution="ubuntu"), "install Chromium or Chrome"),
    ],
    ids=["no root", "ubuntu"],
)
def test_browser_that_cannot_be_installed_is_named(machine: Machine, cure: str) -> None:
    with pytest.raises(BootstrapError, match=cure) as error:
        browser_steps(machine)
    assert "GATEWAY_SKIP_BROWSER" in str(error.value)
    assert "\n" not in str(error.value)
