"""Which Docker engine is meant: the `docker` command's own rule, for sockets of this machine."""

import hashlib
import json
from pathlib import Path

import pytest

from components.engine.connection.endpoint import (
    DEFAULT,
    DEFAULT_HOST,
    Endpoint,
    EndpointError,
    find_endpoint,
    same_socket,
)

ROOTLESS = "unix:///run/user/1000/docker.sock"


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """A folder like ~/.docker with the contexts `rootless`, `remote` and `secure`."""
    hosts = {"rootless": ROOTLESS, "remote": "ssh://deploy@10.0.0.9", "secure": "tcp://10.0.0.9:2376"}
    for name, host in hosts.items():
        file = tmp_path / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}))
    return tmp_path


def choose(configuration: Path, context: str) -> None:
    (configuration / "config.json").write_text(json.dumps({"currentContext": context}))


def find(configuration: Path, **environment: str) -> Endpoint:
    return find_endpoint({"DOCKER_CONFIG": str(configuration), **environment})


def test_default_socket_is_meant_where_nothing_is_named(configuration: Path) -> None:
    assert find(configuration) == DEFAULT
    assert find(configuration, DOCKER_HOST="", DOCKER_CONTEXT="") == DEFAULT
    assert DEFAULT.is_default


def test_current_context_is_meant(configuration: Path) -> None:
    choose(configuration, "rootless")
    found = find(configuration)
    assert (found.host, found.is_default) == (ROOTLESS, False)
    assert found.origin == f"Docker context rootless ({configuration}/config.json)"


def test_context_of_the_environment_wins_over_the_current_one(configuration: Path) -> None:
    choose(configuration, "remote")
    assert find(configuration, DOCKER_CONTEXT="rootless").host == ROOTLESS
    assert find(configuration, DOCKER_CONTEXT="default") == DEFAULT


def test_docker_host_wins_over_the_current_context(configuration: Path) -> None:
    choose(configuration, "rootless")
    assert find(configuration, DOCKER_HOST="unix:///tmp/x.sock") == Endpoint("unix:///tmp/x.sock", "DOCKER_HOST")


def test_configuration_is_below_home_where_no_folder_is_named(configuration: Path) -> None:
    (configuration / "home").mkdir()
    (configuration / "home" / ".docker").symlink_to(configuration)
    choose(configuration, "rootless")
    assert find_endpoint({"HOME": str(configuration / "home")}).host == ROOTLESS


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"currentContext": ""}'])
def test_configuration_without_a_context_means_the_default_socket(configuration: Path, text: str) -> None:
    (configuration / "config.json").write_text(text)
    assert find(configuration) == DEFAULT


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"DOCKER_HOST": "ssh://deploy@10.0.0.9"},
            "DOCKER_HOST: ssh://deploy@10.0.0.9 is not a socket of this machine",
        ),
        ({"DOCKER_HOST": "tcp://127.0.0.1:2375"}, "run the project on the engine's own machine"),
        ({"DOCKER_HOST": "/var/run/docker.sock"}, "is not a socket of this machine, unix:///…"),
        ({"DOCKER_HOST": "unix://docker.sock"}, "is not a socket of this machine, unix:///…"),
        ({"DOCKER_CONTEXT": "remote"}, "Docker context remote (DOCKER_CONTEXT): ssh://deploy@10.0.0.9 is not a socket"),
        ({"DOCKER_CONTEXT": "secure"}, "tcp://10.0.0.9:2376 is not a socket of this machine"),
        ({"DOCKER_CONTEXT": "gone"}, "Docker context gone does not exist, and DOCKER_CONTEXT names it: unset it"),
        ({"DOCKER_HOST": DEFAULT_HOST, "DOCKER_CONTEXT": "rootless"}, "name two Docker engines: unset one"),
        ({"DOCKER_HOST": ROOTLESS, "DOCKER_CERT_PATH": "/certs"}, "DOCKER_CERT_PATH: names certificates"),
    ],
)
def test_engine_that_is_not_used_is_refused_in_one_sentence(
    configuration: Path, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(EndpointError) as caught:
        find(configuration, **environment)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_engine_may_be_named_twice(configuration: Path) -> None:
    assert find(configuration, DOCKER_HOST=ROOTLESS, DOCKER_CONTEXT="rootless").host == ROOTLESS


def test_current_context_that_is_gone_is_named_with_the_cure(configuration: Path) -> None:
    choose(configuration, "gone")
    with pytest.raises(EndpointError, match=r"^Docker context gone does not exist, .*: `docker context use default`$"):
        find(configuration)


def test_context_without_an_engine_is_named(configuration: Path) -> None:
    (file,) = configuration.glob(f"contexts/meta/{hashlib.sha256(b'rootless').hexdigest()}/meta.json")
    file.write_text("{}")
    with pytest.raises(EndpointError, match=r"^Docker context rootless: .* is not readable \(KeyError\)$"):
        find(configuration, DOCKER_CONTEXT="rootless")


def test_a_link_to_a_socket_is_the_same_socket(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "docker.sock")
    assert same_socket(f"unix://{tmp_path}/link", f"unix://{tmp_path}/docker.sock")
    assert not same_socket(f"unix://{tmp_path}/other.sock", f"unix://{tmp_path}/docker.sock")


def test_password_in_an_address_is_not_repeated(configuration: Path) -> None:
    with pytest.raises(EndpointError) as caught:
        find(configuration, DOCKER_HOST="ssh://deploy:hunter2@10.0.0.9")
    assert "hunter2" not in str(caught.value)
    assert "10.0.0.9" in str(caught.value)
