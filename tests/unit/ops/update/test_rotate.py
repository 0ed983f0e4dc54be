"""A master key is replaced only if nothing is lost by it, and each problem afterwards is named."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pulumi.automation import CommandError, CommandResult, Deployment, OutputValue
from typer import Abort

from ops.errors import OperationError
from ops.stack.config_file import parse_config
from ops.stack.litellm_admin import LiteLLMAdmin, bearer
from ops.stack.state import PASSWORD, generated_secrets
from ops.update import rotate
from ops.update.rotate import (
    Baseline,
    collect_baseline,
    find_problems,
    rotate_master_key,
    unsafe_secrets,
    with_next_generation,
)
from tests.unit.ops.gateways import gateway_of, serving_only

HOST = "llm.example.com"
OLD, NEW, VIRTUAL = "sk-old-not-to-be-seen", "sk-new-not-to-be-seen", "sk-virtual-not-to-be-seen"
TEXT = "# Production.\nconfig:\n  gateway:protect: 'true'\n"


def resource(name: str, value: str | None, *, gone: bool = False) -> dict[str, Any]:
    result = {"result": {"plaintext": json.dumps(value)}} if value else {}
    urn = f"urn:pulumi:dev::gateway::{PASSWORD}::{name}"
    return {"urn": urn, "type": PASSWORD, "outputs": result, "delete": gone}


def state(**values: str | None) -> Deployment:
    return Deployment(3, {"resources": [resource(name.replace("_", "-"), value) for name, value in values.items()]})


def test_the_next_generation_is_one_more() -> None:
    second = with_next_generation(TEXT)
    assert second == f"{TEXT}  gateway:master_key_generation: 2\n"
    assert with_next_generation(second) == f"{TEXT}  gateway:master_key_generation: 3\n"


@pytest.mark.parametrize(
    ("exported", "fault"),
    [
        (state(salt_key="salt", master_key="master"), None),
        (state(master_key="master"), "the stack has no salt key: "),
        (state(salt_key=None, master_key="master"), "the stack has no salt key: "),
        (Deployment(3, None), "the stack has no salt key: "),
        (state(salt_key="same", master_key="same"), "salt key and master key are the same: "),
    ],
)
def test_a_rotation_that_would_lose_or_bare_credentials_is_refused(exported: Deployment, fault: str | None) -> None:
    sentence = unsafe_secrets(generated_secrets(exported.deployment))
    assert (sentence is None) is (fault is None)
    assert str(sentence).startswith(str(fault))


@dataclass
class Gateway:
    """Answers as LiteLLM does."""

    taken: set[str]
    models: dict[str, bool] = field(default_factory=lambda: {"stored": True})
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.headers["Authorization"].removeprefix("Bearer ") not in self.taken:
            return httpx.Response(401)
        if request.url.path == "/key/generate":
            self.taken.add(VIRTUAL)
            return httpx.Response(200, json={"key": VIRTUAL})
        if request.url.path == "/key/delete":
            self.taken -= set(json.loads(request.content)["keys"])
        if request.url.path == "/v1/chat/completions":
            return httpx.Response(200 if self.models[json.loads(request.content)["model"]] else 500)
        stored = [{"model_name": name, "model_info": {"db_model": True}} for name in self.models]
        in_file = {"model_name": "in-file", "model_info": {"db_model": False, "mode": "chat"}}
        embedding = {"model_name": "embedding", "model_info": {"db_model": True, "mode": "embedding"}}
        return httpx.Response(200, json={"data": [*stored, in_file, embedding]})

    def admin(self, key: str) -> LiteLLMAdmin:
        return LiteLLMAdmin(
            httpx.Client(transport=httpx.MockTransport(self), base_url="http://edge", headers=bearer(key))
        )


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate, "SETTLE_TIMEOUT_SECONDS", 0.0)
    monkeypatch.setattr("ops.check.wait.time.sleep", lambda _: None)


def test_stored_chat_models_that_answer_are_the_ones_to_answer_after() -> None:
    gateway = Gateway({OLD}, {"stored": True, "broken": False})
    assert collect_baseline(gateway.admin(OLD)) == Baseline(VIRTUAL, ("stored",))


def test_no_more_than_a_few_stored_models_are_asked() -> None:
    gateway = Gateway({OLD}, {f"stored-{number}": True for number in range(40)})
    assert len(collect_baseline(gateway.admin(OLD)).models) == rotate.MOST_MODELS
    assert gateway.asked.count("/v1/chat/completions") == rotate.MOST_MODELS


@pytest.mark.parametrize(
    ("gateway", "faults"),
    [
        (Gateway({NEW, VIRTUAL}), []),
        (Gateway({NEW, VIRTUAL, OLD}), ["the old one still works"]),
        (Gateway({VIRTUAL}), ["the new one is refused"]),
        (Gateway({NEW, VIRTUAL}, {"stored": False}), ["the stored model stored does not answer"]),
        (Gateway({NEW}), ["virtual keys are refused", "the stored model stored does not answer"]),
    ],
)
def test_what_is_not_as_it_should_be_after_a_rotation_is_named(gateway: Gateway, faults: list[str]) -> None:
    found = find_problems(gateway.admin(NEW), Baseline(VIRTUAL, ("stored",)), old_key=OLD, new_key=NEW)
    assert found == faults


@dataclass
class Stack:
    """Stands in for Pulumi's; an update makes the gateway take the new key alone."""

    gateway: Gateway
    name: str = "dev"
    secrets: Deployment = field(default_factory=lambda: state(salt_key="salt", master_key="master"))
    up_fails: bool = False
    preview_fails: bool = False
    master_key: str = OLD
    is_up: bool = True

    def outputs(self) -> dict[str, OutputValue]:
        values = {"master_key": self.master_key, "proxy_url": "http://edge", "health_url": ""} if self.is_up else {}
        return {name: OutputValue(value, secret=name == "master_key") for name, value in values.items()}

    def export_stack(self) -> Deployment:
        return self.secrets

    def preview(self, **_: Any) -> None:
        if self.preview_fails:
            raise CommandError(CommandResult("error: refused", "", 255))

    def up(self, *, message: str, **_: Any) -> Any:
        assert message.startswith("rotate the master key\n")
        if self.up_fails:
            raise CommandError(CommandResult("error: litellm-1 failed.", "", 255))
        self.master_key = NEW
        self.gateway.taken = {NEW, VIRTUAL}
        return type("Result", (), {"outputs": self.outputs()})


Opened = Callable[[Stack], Path]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Let the verb find a stack and its file."""

    def open_stack(stack: Stack) -> Path:
        file = tmp_path / "Pulumi.test.yaml"
        file.write_text(TEXT)
        monkeypatch.setattr(rotate, "configuration_file", lambda _: file)
        monkeypatch.setattr(rotate, "open_own", lambda _: stack)
        monkeypatch.setattr(rotate, "settings_of", lambda _: serving_only(gateway_of("dev"), HOST).settings)

        class Opening:
            def __init__(self, _: str, key: str, host: dict[str, str]) -> None:
                assert host == {"Host": HOST}
                self.admin = stack.gateway.admin(key)

            def __enter__(self) -> LiteLLMAdmin:
                return self.admin

            def __exit__(self, *_: object) -> None:
                self.admin.client.close()

        monkeypatch.setattr(rotate, "litellm_admin", Opening)
        return file

    return open_stack


def test_a_rotation_says_how_to_read_the_new_key_and_shows_none(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = Gateway({OLD})
    file = opened(Stack(gateway))
    rotate_master_key("dev", yes=True)
    shown = capsys.readouterr().out
    assert "pulumi stack output master_key --show-secrets --stack dev" in shown
    assert "not-to-be-seen" not in shown
    assert parse_config(file.read_text())["gateway:master_key_generation"] == 2
    assert gateway.taken == {NEW}, "the key that the rotation was proved with is deleted"


def test_a_stack_whose_credentials_would_be_lost_is_left_alone(opened: Opened) -> None:
    file = opened(Stack(Gateway({OLD}), secrets=state(master_key="master")))
    with pytest.raises(OperationError, match=r"^the stack has no salt key"):
        rotate_master_key("dev", yes=True)
    assert file.read_text() == TEXT


def test_a_stack_that_is_not_up_has_no_key_to_replace(opened: Opened) -> None:
    file = opened(Stack(Gateway(set()), is_up=False))
    with pytest.raises(OperationError, match=r"^dev is not up"):
        rotate_master_key("dev", yes=True)
    assert file.read_text() == TEXT


@pytest.mark.parametrize(
    ("stack", "error"),
    [(Stack(Gateway({OLD}), preview_fails=True), CommandError), (Stack(Gateway(set())), OperationError)],
    ids=["refused preview", "gateway refuses the key"],
)
def test_a_rotation_that_does_not_begin_leaves_the_file_as_it_was(
    opened: Opened, stack: Stack, error: type[Exception]
) -> None:
    file = opened(stack)
    with pytest.raises(error):
        rotate_master_key("dev", yes=True)
    assert file.read_text() == TEXT


def test_a_rotation_that_is_declined_restores_the_file(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise Abort

    file = opened(Stack(Gateway({OLD})))
    monkeypatch.setattr("typer.confirm", no)
    with pytest.raises(Abort):
        rotate_master_key("dev", yes=False)
    assert file.read_text() == TEXT


def test_a_rotation_that_fails_half_way_says_how_to_finish(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    file = opened(Stack(Gateway({OLD}), up_fails=True))
    with pytest.raises(CommandError):
        rotate_master_key("dev", yes=True)
    assert parse_config(file.read_text())["gateway:master_key_generation"] == 2
    assert "`python -m ops up dev` finishes it" in capsys.readouterr().out


def test_a_rotation_after_which_the_old_key_is_taken_fails(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(Gateway({OLD}))
    opened(stack)
    update = stack.up

    def leave_the_old_key(**options: Any) -> Any:
        result = update(**options)
        stack.gateway.taken.add(OLD)
        return result

    monkeypatch.setattr(stack, "up", leave_the_old_key)
    with pytest.raises(OperationError, match=r"^dev has a new master key, but the old one still works$"):
        rotate_master_key("dev", yes=True)
