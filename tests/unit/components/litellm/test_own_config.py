"""The part of config.yaml under LiteLLM's own names."""

from typing import Any

import pytest

from components.litellm.config_settings import ConfigSettings
from components.litellm.config_yaml import ConfigContext, document
from components.litellm.own_config import OWNED, OWNED_SECTIONS, ConfigYaml, refusals, unset_references
from components.models.model import FALLBACK_KINDS
from components.releases.release import load, release_for, supported

RELEASE = release_for(None)
MOST_SETTINGS = ConfigSettings.model_validate(
    {
        "budget": {"max_budget": 5, "timezone": "UTC"},
        "response_cache": {},
        "num_retries": 2,
        "drop_params": True,
        "disable_error_logs": True,
        "request_correlation_in_logs": True,
        "allow_requests_on_db_unavailable": True,
    }
)
"""Settings that write every key."""
MOST = document(
    MOST_SETTINGS,
    ConfigContext(
        model_list=[{"model_name": "a"}],
        fallbacks={kind: [{"a": ["b"]}] for kind in FALLBACK_KINDS},
        aliases={"c": "a"},
        slack=True,
        metrics=True,
        only_metrics=("litellm_spend_metric",),
    ),
)
JOINED = {"callbacks", "prometheus_metrics_config"}
"""Lists that hold what the gateway writes and what the stack adds."""
CURE = "write os.environ/NAME and give the value with `pulumi config set --secret`"

GUARDRAIL: dict[str, Any] = {"guardrail_name": "a", "litellm_params": {"guardrail": "presidio", "mode": "pre_call"}}


def found(**sections: Any) -> list[str]:
    return list(refusals(ConfigYaml.model_validate(sections), RELEASE))


def test_each_setting_changes_the_largest_config() -> None:
    least = document(ConfigSettings(retry_policy=None, allowed_fails_policy=None), ConfigContext([], redis=None))
    for section in OWNED:
        assert least[section].keys() < MOST[section].keys(), section


def test_every_key_that_the_gateway_writes_is_its_own() -> None:
    assert MOST.keys() == OWNED.keys() | {"model_list"}
    assert "model_list" in OWNED_SECTIONS
    for section, owned in OWNED.items():
        assert MOST[section].keys() - JOINED <= owned.keys(), section


@pytest.mark.parametrize(
    ("section", "name"),
    [
        *(("router_settings", name) for name in ("timeout", "num_retries", "model_list", "redis_url")),
        *(("litellm_settings", name) for name in (*FALLBACK_KINDS, "model_alias_map", "allowed_fails")),
        *(("general_settings", name) for name in ("use_x_forwarded_for", "maximum_spend_logs_retention_interval")),
    ],
)
def test_other_name_of_what_the_gateway_writes_is_its_own_too(section: str, name: str) -> None:
    assert name not in MOST[section]
    assert name in OWNED[section]


@pytest.mark.parametrize(("section", "name"), [(section, name) for section in OWNED for name in OWNED[section]])
def test_gateway_s_own_key_is_refused_with_its_setting(section: str, name: str) -> None:
    assert found(**{section: {name: "anything"}, "unchecked": True}) == [
        f"litellm.config_yaml.{section}.{name}: is written by the gateway; set {OWNED[section][name]}"
    ]


@pytest.mark.parametrize("section", OWNED_SECTIONS)
def test_gateway_s_own_section_is_refused_with_what_to_do(section: str) -> None:
    assert found(**{section: {}, "unchecked": True}) == [
        f"litellm.config_yaml.{section}: is the gateway's own; {OWNED_SECTIONS[section]}"
    ]


@pytest.mark.parametrize("minor", supported())
def test_owned_names_are_litellm_s(minor: str) -> None:
    release = load(minor)
    assert OWNED_SECTIONS.keys() | OWNED.keys() <= set(release.sections)
    for section, owned in OWNED.items():
        assert owned.keys() <= getattr(release, section).keys(), section


def test_what_is_accepted_changes_nothing_of_the_gateway_s() -> None:
    # Every known key at once: what is refused is left out, what is accepted is merged.
    own = {
        section: {name: ["own"] for name in getattr(RELEASE, section) if name not in OWNED[section]}
        for section in OWNED
    }
    merged = document(MOST_SETTINGS, ConfigContext([{"model_name": "a"}], slack=True, metrics=True), own)
    plain = document(MOST_SETTINGS, ConfigContext([{"model_name": "a"}], slack=True, metrics=True))
    for section, keys in plain.items():
        if section == "model_list":
            assert merged[section] == keys
            continue
        assert {name: merged[section][name] for name in keys if name not in JOINED} == {
            name: value for name, value in keys.items() if name not in JOINED
        }
    assert merged["litellm_settings"]["callbacks"] == ["prometheus", "own"]


@pytest.mark.parametrize(
    ("sections", "sentences"),
    [
        ({"guardrails": [GUARDRAIL], "router_settings": {"enable_pre_call_checks": True}}, []),
        (
            {"gardrails": []},
            ["litellm.config_yaml.gardrails: is no section of LiteLLM's config.yaml; did you mean guardrails?"],
        ),
        (
            {"litellm_settings": {"drop_parms": True}},
            ["litellm.config_yaml.litellm_settings.drop_parms: is unknown to LiteLLM; did you mean drop_params?"],
        ),
        (
            {"router_settings": {"enable_pre_call_checks": "perhaps"}},
            ["litellm.config_yaml.router_settings.enable_pre_call_checks: should be true or false, not 'perhaps'"],
        ),
        ({"general_settings": None}, ["litellm.config_yaml.general_settings: should be a list of keys and values"]),
        (
            {"guardrails": [{**GUARDRAIL, "litellm_params": {**GUARDRAIL["litellm_params"], "api_key": "plain"}}]},
            [f"litellm.config_yaml.guardrails[0].litellm_params.api_key: holds a secret in clear; {CURE}"],
        ),
        (
            {"mcp_servers": {"one": {"auth_value": "plain"}}},
            [f"litellm.config_yaml.mcp_servers.one.auth_value: holds a secret in clear; {CURE}"],
        ),
    ],
    ids=str,
)
def test_each_mistake_is_a_sentence(sections: dict[str, Any], sentences: list[str]) -> None:
    assert found(**sections) == sentences


def test_unchecked_passes_on_unknown_sections_and_keys() -> None:
    assert found(newcomer=[], litellm_settings={"newcomer": 1}, unchecked=True) == []


def test_unchecked_secret_in_clear_is_refused() -> None:
    assert found(newcomer={"token": "plain"}, unchecked=True) == [
        f"litellm.config_yaml.newcomer.token: holds a secret in clear; {CURE}"
    ]


def test_reference_to_a_variable_that_nothing_sets_is_refused() -> None:
    config = ConfigYaml.model_validate(
        {"search_tools": [{"api_key": "os.environ/GIVEN", "other": "os.environ/MISSING"}]}
    )
    (sentence,) = unset_references(config, frozenset({"GIVEN"}))
    assert sentence == (
        "litellm.config_yaml.search_tools[0].other: refers to MISSING, which nothing sets;"
        " `pulumi config set --secret --path 'gateway:secret_environment.MISSING'`"
    )


def test_sections_are_all_but_the_escape() -> None:
    assert ConfigYaml.model_validate({"unchecked": True, "prompts": []}).sections == {"prompts": []}
