"""Errors of settings: one sentence each, which begins with the setting's path."""

import json
import traceback
from collections.abc import Iterator
from typing import Any, get_args

import pulumi
import pytest
from pydantic import BaseModel, ValidationError

from components.models.model import ModelFile, model_of
from components.releases.release import release_for
from components.settings.base import SettingsModel
from components.settings.errors import nearest, printable, sentences
from components.stack.read import parse
from components.stack.settings import Settings

SECRET = "sk-not-to-be-seen"


def models(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Return a model of settings and all inside it, each with its path."""
    yield path, model
    for name, field in model.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from models(kind, (*path, name))


RENAMED = [
    ((*path, old), new)
    for path, model in models(Settings)
    if issubclass(model, SettingsModel)
    for old, new in model.renamed.items()
]
"""Path of each old setting, and what to write instead."""


def refusal(**settings: Any) -> str:
    with pytest.raises(pulumi.RunError) as caught:
        parse({f"gateway:{key}": json.dumps(value) for key, value in settings.items()}, "gateway")
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"litelm": {}}, "litelm: is not a setting; did you mean litellm?"),
        ({"litellm": {"replica": 2}}, "litellm.replica: is not a setting; did you mean replicas?"),
        (
            {"litellm": {"config": {"cooldown_tme": 9}}},
            "litellm.config.cooldown_tme: is not a setting; did you mean cooldown_time?",
        ),
        (
            {"litellm": {"config": {"retry_policy": {"time_out": 1}}}},
            "litellm.config.retry_policy.time_out: is not a setting; did you mean timeout?",
        ),
    ],
)
def test_unknown_setting_is_refused_with_the_nearest(settings: dict[str, Any], sentence: str) -> None:
    assert refusal(**settings) == sentence


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"litellm": {"replicas": "many"}}, "litellm.replicas: should be a whole number, not 'many'"),
        ({"litellm": {"replicas": 2.5}}, "litellm.replicas: should be a whole number, not 2.5"),
        ({"litellm": {"replicas": True}}, "litellm.replicas: should be a whole number, not True"),
        (
            {"litellm": {"max_requests_before_restart": False}},
            "litellm.max_requests_before_restart: should be a whole number, not False",
        ),
        ({"postgres": {"max_connections": True}}, "postgres.max_connections: should be a whole number, not True"),
        ({"monitoring": {"latency_p95": True}}, "monitoring.latency_p95: should be a number, not True"),
        ({"litellm": {"replicas": [2]}}, "litellm.replicas: should be a whole number, not [2]"),
        ({"litellm": {"replicas": None}}, "litellm.replicas: should be a whole number, not None"),
        ({"litellm": [1]}, "litellm: should be a list of keys and values, not [1]"),
        ({"litellm": "two replicas"}, "litellm: should be a list of keys and values, not 'two replicas'"),
        (
            {"litellm": {"config": {"retry_policy": 3}}},
            "litellm.config.retry_policy: should be a list of keys and values, not 3",
        ),
        (
            {"postgres": {"max_connections": "many"}},
            "postgres.max_connections: should be auto or a whole number, not 'many'",
        ),
        ({"edge": {"address": 5}}, "edge.address: should be a text, not 5"),
        ({"images": {"litellm": 7}}, "images.litellm: should be a text, not 7"),
        ({"protect": "maybe"}, "protect: should be true or false, not 'maybe'"),
        ({"mock_provider": {"enabled": [True]}}, "mock_provider.enabled: should be true or false, not [True]"),
    ],
)
def test_value_of_another_type_is_refused(settings: dict[str, Any], sentence: str) -> None:
    assert refusal(**settings) == sentence


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"litellm": {"replicas": 0}}, "litellm.replicas: should be at least 1, not 0"),
        ({"litellm": {"replicas": 17}}, "litellm.replicas: should be at most 16, not 17"),
        ({"edge": {"proxy_port": 0}}, "edge.proxy_port: should be at least 1, not 0"),
        ({"edge": {"proxy_port": 65536}}, "edge.proxy_port: should be at most 65535, not 65536"),
        ({"postgres": {"max_connections": 19}}, "postgres.max_connections: should be at least 20, not 19"),
        ({"postgres": {"max_connections": 2001}}, "postgres.max_connections: should be at most 2000, not 2001"),
        (
            {"litellm": {"config": {"retry_policy": {"timeout": 11}}}},
            "litellm.config.retry_policy.timeout: should be at most 10, not 11",
        ),
    ],
)
def test_number_out_of_bounds_is_refused_with_the_bound(settings: dict[str, Any], sentence: str) -> None:
    assert refusal(**settings) == sentence


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"litellm": {"log_level": "LOUD"}},
            "litellm.log_level: should be DEBUG, INFO, WARNING or ERROR, not 'LOUD'",
        ),
        ({"images": {"pinning": "exact"}}, "images.pinning: should be any, version or digest, not 'exact'"),
        ({"images": {"source": "pulled"}}, "images.source: should be official or built, not 'pulled'"),
    ],
)
def test_other_word_is_refused_with_the_choices(settings: dict[str, Any], sentence: str) -> None:
    assert refusal(**settings) == sentence


def test_text_of_another_form_is_refused_with_the_form() -> None:
    sentence = "litellm.config.spend_logs_retention: should match ^[1-9]\\d*[smhd]$, not '30 days'"
    assert refusal(litellm={"config": {"spend_logs_retention": "30 days"}}) == sentence


@pytest.mark.parametrize("address", ["localhost", "[::1]", "127.0.0.1:4000", "10.0.0", "0.0.0.0/0", ""])
def test_wrong_address_is_refused(address: str) -> None:
    sentence = f"edge.address: should be an address, such as 127.0.0.1 or ::1, not {address!r}"
    assert refusal(edge={"address": address}) == sentence


@pytest.mark.parametrize("name", ["openai_api_key", "OPENAI-API-KEY", "1KEY", "_KEY", "A;reboot", "A\n", "", SECRET])
def test_wrong_name_of_a_key_is_refused_and_not_repeated(name: str) -> None:
    assert refusal(provider_keys={"OLLAMA_API_KEY": "a", name: "b"}) == (
        "provider_keys: each name should match ^[A-Z][A-Z0-9_]*$, such as OLLAMA_API_KEY"
    )


@pytest.mark.parametrize(
    "name",
    [
        *("DATABASE_URL", "LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "REDIS_PASSWORD", "SLACK_WEBHOOK_URL"),
        *("LITELLM_MODE", "NUM_WORKERS", "HOME", "NO_DOCS", "MAX_REQUESTS_BEFORE_RESTART", "PYTHONPATH"),
    ],
)
def test_key_named_like_a_variable_of_the_gateway_is_refused(name: str) -> None:
    assert refusal(provider_keys={name: SECRET}) == (
        f"provider_keys.{name}: is a variable of the gateway; choose another name"
    )


def test_each_fault_has_its_own_line() -> None:
    lines = refusal(litellm={"replicas": 0, "worker": 2}, edge={"proxy_port": "web"}, protect=7).splitlines()
    assert sorted(lines) == [
        "edge.proxy_port: should be a whole number, not 'web'",
        "litellm.replicas: should be at least 1, not 0",
        "litellm.worker: is not a setting; did you mean workers?",
        "protect: should be true or false, not 7",
    ]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (SECRET, "provider_keys: should be a list of keys and values"),
        ([SECRET], "provider_keys: should be a list of keys and values"),
        ({"OPENAI_API_KEY": [SECRET]}, "provider_keys.OPENAI_API_KEY: should be a text"),
        ({"OPENAI_API_KEY": {SECRET: SECRET}}, "provider_keys.OPENAI_API_KEY: should be a text"),
        ({"OPENAI_API_KEY": 4242424242}, "provider_keys.OPENAI_API_KEY: should be a text"),
    ],
)
def test_wrong_secret_is_refused_without_its_value(keys: Any, sentence: str) -> None:
    assert refusal(provider_keys=keys) == sentence


def test_traceback_of_a_refusal_holds_no_secret() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        parse({"gateway:provider_keys": json.dumps({"OPENAI_API_KEY": [SECRET]})}, "gateway")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_setting_near_to_none_is_refused_with_all_known() -> None:
    assert refusal(xyzzy=1) == f"xyzzy: is not a setting; known are {', '.join(sorted(Settings.model_fields))}"


def test_key_with_a_line_break_stays_in_its_line() -> None:
    assert printable("a\nb") == r"a\nb"
    assert refusal(litellm={"a\nb": 1}).startswith(r"litellm.a\nb: is not a setting; ")


def test_empty_value_is_refused() -> None:
    assert refusal(models=[]) == "models: must not be empty"
    assert refusal(model_folder="") == "model_folder: must not be empty"


def test_too_many_entries_are_counted() -> None:
    with pytest.raises(ValidationError) as refused:
        ModelFile.model_validate({"fallbacks": list("abcdef")})
    assert sentences(refused.value, ModelFile) == ["fallbacks: must have at most 5 entries, not 6"]


@pytest.mark.parametrize("value", [[SECRET], {"a": SECRET}, 4242424242])
def test_wrong_variable_is_refused_without_its_value(value: object) -> None:
    assert refusal(litellm={"environment": {"SOME_NAME": value}}) == "litellm.environment.SOME_NAME: should be a text"


def test_word_near_to_none_lists_the_known_in_order() -> None:
    assert nearest("quux", ["memory", "address"]) == "known are address, memory"


@pytest.mark.parametrize(("path", "new"), RENAMED, ids=[".".join(path) for path, _ in RENAMED])
def test_old_name_is_refused_with_the_new(path: tuple[str, ...], new: str) -> None:
    value: Any = 7
    for key in reversed(path[1:]):
        value = {key: value}
    assert refusal(**{path[0]: value}) == f"{'.'.join(path)}: is an old name; write {new}"


@pytest.mark.parametrize("old", ModelFile.renamed)
def test_old_name_in_a_model_file_is_refused_with_the_new(old: str) -> None:
    given = {"provider": "openai", "model": "gpt", "api_key": "os.environ/A", old: "x"}
    with pytest.raises(ValueError, match=r".") as refused:
        model_of("a", ModelFile.model_validate(given), release_for(None))
    assert str(refused.value) == f"{old}: is an old name; write {ModelFile.renamed[old]}"


def test_old_names_are_those_of_the_rename() -> None:
    assert {".".join(path): new for path, new in RENAMED} == {
        "keys": "provider_keys",
        "postgres.memory": "memory_mib",
        "postgres.stop_seconds": "stop_timeout",
        "backup.memory": "memory_mib",
        "redis.memory": "memory_mib",
        "redis.stop_seconds": "stop_timeout",
        "litellm.cpu_set": "cpuset",
        "litellm.graceful_shutdown_timeout": "stop_timeout",
        "litellm.memory": "memory_mib",
        "litellm.start_deadline": "startup_timeout",
        "edge.hosts": "allowed_hosts",
        "edge.memory": "memory_mib",
        "edge.root_cgroup": "cgroup_parent: root, or cgroup_parent: docker for false",
        "monitoring.latency": "latency_p95",
        "monitoring.memory": "memory_mib",
        "monitoring.grafana.memory": "memory_mib",
        "mock_provider.memory": "memory_mib",
    }


def test_new_name_is_a_setting() -> None:
    for path, model in models(Settings):
        assert issubclass(model, SettingsModel)
        for old, new in model.renamed.items():
            assert old not in model.model_fields, path
            assert new.partition(":")[0] in model.model_fields, path
