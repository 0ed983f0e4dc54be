"""The Docker engine is used, started or installed, or the machine is refused."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.machine import EngineState, Machine
from bootstrap.steps.engine import StartEngine, engine_steps
from components.engine.connection.endpoint import Endpoint
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


def test_docker_s_command_is_installed_where_it_is_a_package_of_its_own() -> None:
    install, _ = engine_steps(replace(FRESH, release="trixie"))
    assert str(install.actions[-1]).endswith("docker.io iptables docker-cli")


def test_engine_is_installed_on_what_is_made_from_debian_or_ubuntu() -> None:
    install, _ = engine_steps(replace(FRESH, distribution="linuxmint", family=("ubuntu", "debian")))
    assert "apt-get" in str(install.actions[0])


@pytest.mark.parametrize(
    ("machine", "cure"),
    [
        pytest.param(replace(FRESH, root=False), "run bootstrap/run as root", id="no root to install"),
        pytest.param(replace(FRESH, engine=EngineState.DENIED), "group docker", id="socket denied"),
        pytest.param(
            replace(FRESH, engine=EngineState.STOPPED, root=False), "systemctl start docker", id="no root to start"
        ),
        pytest.param(
            replace(FRESH, endpoint=Endpoint("unix:///run/user/1000/docker.sock", "DOCKER_HOST")),
            "^DOCKER_HOST names unix:///run/user/1000/docker.sock, which does not answer: start that engine",
            id="named engine is silent",
        ),
        pytest.param(
            replace(FRESH, engine=EngineState.REFUSED, refusal="this engine is Podman"),
            "^this engine is Podman$",
            id="refused",
        ),
        pytest.param(replace(FRESH, distribution="fedora"), "install Docker Engine", id="no apt"),
    ],
)
def test_engine_that_cannot_be_had_is_refused_in_one_sentence(machine: Machine, cure: str) -> None:
    with pytest.raises(BootstrapError, match=cure) as error:
        engine_steps(machine)
    assert "\n" not in str(error.value)
