"""The Docker engine is used, started or installed, or the machine is refused."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.machine import EngineState, Machine
from bootstrap.steps.engine import StartEngine, engine_steps
from tests.unit.bootstrap.machines import FRESH


def test_answering_engine_is_used() -> None:
    assert engine_steps(replace(FRESH, engine=EngineState.ANSWERS)) == []


def test_stopped_engine_is_started_not_installed() -> None:
    (step,) = engine_steps(replace(FRESH, engine=EngineState.STOPPED, systemd=True))
    assert step.actions == (StartEngine(systemd=True),)


def test_missing_engine_is_installed_and_started() -> None:
    install, start = engine_steps(FRESH)
    assert str(install.actions[-1]).endswith("docker.io iptables")
    assert start.actions == (StartEngine(systemd=False),)


@pytest.mark.parametrize(
    ("machine", "cure"),
    [
        pytest.param(replace(FRESH, root=False), "run bootstrap/run as root", id="no root to install"),
        pytest.param(replace(FRESH, engine=EngineState.DENIED), "group docker", id="socket denied"),
        pytest.param(
            replace(FRESH, engine=EngineState.STOPPED, root=False), "systemctl start docker", id="no root to start"
        ),
        pytest.param(replace(FRESH, docker_host="tcp://10.0.0.1:2376"), "DOCKER_HOST=tcp://10", id="remote is silent"),
        pytest.param(replace(FRESH, distribution="fedora"), "install Docker Engine", id="no apt"),
    ],
)
def test_engine_that_cannot_be_had_is_refused_in_one_sentence(machine: Machine, cure: str) -> None:
    with pytest.raises(BootstrapError, match=cure) as error:
        engine_steps(machine)
    assert "\n" not in str(error.value)
