"""One model, as its file describes it."""

from typing import Any

import pytest

from components.models.model import FALLBACK_KINDS, KEYED, MODEL_KEYS, Deployment, Model, ModelFile, model_of
from components.releases.release import release_for

RELEASE = release_for(None)
SECRET_CURE = "write os.environ/NAME and give the value with `pulumi config set --secret`"
SECRET = "sk-0123456789abcdef01"
PLAIN = {"provider": "openai", "model": "gpt", "api_key": "os.environ/OPENAI_API_KEY"}


def model(**changes: Any) -> Model:
    """Return a model; a key that is None is left out."""
    given = {key: value for key, value in (PLAIN | changes).items() if value is not None}
    return model_of("a", ModelFile.model_validate(given), RELEASE)


def refusal(**changes: Any) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        model(**changes)
    return str(refused.value)


def test_short_form_is_one_chat_deployment() -> None:
    assert model() == Model(
        name="a",
        mode="chat",
        deployments=(Deployment("openai", "gpt", {"api_key": "os.environ/OPENAI_API_KEY"}),),
        aliases=(),
        fallbacks=dict.fromkeys(FALLBACK_KINDS, ()),
        unchecked=False,
    )


def test_name_comes_before_the_file_s() -> None:
    assert (model(name="openai/*").name, model(name="openai/*").is_wildcard) == ("openai/*", True)
    assert (model().name, model().is_wildcard) == ("a", False)


def test_provider_may_stand_in_the_model() -> None:
    (deployment,) = model(provider=None, model="azure/gpt-4o").deployments
    assert (deployment.provider, deployment.model, deployment.litellm_model) == ("azure", "gpt-4o", "azure/gpt-4o")


def test_model_s_slash_is_its_own_where_a_provider_is_given() -> None:
    (deployment,) = model(provider="openrouter", model="openai/gpt-4o").deployments
    assert deployment.litellm_model == "openrouter/openai/gpt-4o"


def test_deployments_have_what_is_common_and_their_own() -> None:
    found = model(
        rpm=60,
        model_info={"supports_vision": True},
        deployments=[
            {"tpm": 3},
            {"provider": "azure", "model": "gpt-4o", "rpm": 90, "api_key": "os.environ/AZURE_API_KEY",
             "model_info": {"base_model": "azure/gpt-4o"}},
        ],
    )  # fmt: skip
    first, second = found.deployments
    assert (first.litellm_model, first.params) == (
        "openai/gpt",
        {"api_key": "os.environ/OPENAI_API_KEY", "rpm": 60, "tpm": 3},
    )
    assert (second.litellm_model, second.params) == ("azure/gpt-4o", {"api_key": "os.environ/AZURE_API_KEY", "rpm": 90})
    assert first.model_info == {"supports_vision": True}
    assert second.model_info == {"supports_vision": True, "base_model": "azure/gpt-4o"}
    assert (found.provider, found.keys) == ("openai", ["OPENAI_API_KEY", "AZURE_API_KEY"])


def test_keys_are_the_names_of_all_references() -> None:
    headers = {"X-Key": "os.environ/OTHER", "Authorization": "Bearer os.environ/TOKEN", "X-Plain": "plain"}
    assert model(extra_headers=headers).keys == ["OPENAI_API_KEY", "OTHER", "TOKEN"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mode": "embed"}, "mode: 'embed' is no mode of LiteLLM; did you mean embedding?"),
        ({"provider": "opnai"}, "provider: 'opnai' is no provider of LiteLLM; did you mean openai?"),
        ({"model": None}, "model: is required: the provider's own id of the model, a text"),
        (
            {"provider": None},
            "provider: is required: 'gpt' names none; write it, or the model as PROVIDER/gpt",
        ),
        ({"wieght": 3}, "wieght: is unknown to LiteLLM; did you mean weight?"),
        ({"drop_parms": True}, "drop_parms: is unknown to LiteLLM; did you mean drop_params?"),
        ({"rpm": "many"}, "rpm: should be a whole number, not 'many'"),
        ({"key": "OPENAI_API_KEY"}, "key: is an old name; write api_key: os.environ/NAME"),
        ({"served_at": "http://localhost"}, "served_at: is an old name; write api_base"),
        ({"model_info": {"base_modle": "a"}}, "model_info.base_modle: is unknown to LiteLLM; did you mean base_model?"),
        (
            {"api_key": "os.environ/openai"},
            "api_key: should be os.environ/NAME, where NAME matches ^[A-Z][A-Z0-9_]*$",
        ),
        (
            {"api_key": "plain"},
            f"api_key: holds a secret in clear; {SECRET_CURE}",
        ),
        ({"api_key": None}, "api_key: is required with provider openai: it answers no request without a key"),
        ({"aliases": ["a\nb"]}, "aliases: should be text in one line, without spaces around it"),
        ({"aliases": ["b", SECRET]}, "aliases[1]: looks like a secret in clear; remove it"),
        ({"model": SECRET}, "model: looks like a secret in clear; remove it"),
        ({"name": " a"}, "name: should be text in one line, without spaces around it"),
        ({"deployments": [{}, {"wieght": 1}]}, "deployments[1].wieght: is unknown to LiteLLM; did you mean weight?"),
        (
            {"deployments": [{"mode": "embedding"}]},
            "deployments[0].mode: is a key of the model, not of one deployment; write it beside deployments",
        ),
        ({"deployments": [{"model_info": "x"}]}, "deployments[0].model_info: should be keys and values"),
        (
            {"deployments": [{"model": 4}]},
            "deployments[0].model: is required: the provider's own id of the model, a text",
        ),
    ],
    ids=str,
)  # fmt: skip
def test_mistake_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert refusal(**changes) == sentence


def test_every_mistake_has_a_line() -> None:
    lines = refusal(mode="embed", provider="opnai", wieght=1, model_info={"x": 1}).splitlines()
    assert [line.split(":")[0] for line in lines] == ["mode", "provider", "wieght", "model_info.x"]


def test_unchecked_passes_on_what_the_release_does_not_know() -> None:
    found = model(provider="newcomer", colour="red", rpm="many", unchecked=True)
    assert found.unchecked
    assert found.deployments[0].params.items() >= {"colour": "red", "rpm": "many"}.items()


def test_unchecked_secret_in_clear_is_refused() -> None:
    assert refusal(provider="newcomer", colour="sk-0123456789abcdef01", unchecked=True).startswith(
        "colour: looks like a secret in clear; write os.environ/NAME"
    )


def test_every_provider_of_the_release_is_accepted() -> None:
    assert len(RELEASE.providers) > 100
    for provider in RELEASE.providers:
        assert model(provider=provider).deployments[0].litellm_model == f"{provider}/gpt"


@pytest.mark.parametrize("mode", RELEASE.modes)
def test_every_mode_of_the_release_is_accepted(mode: str) -> None:
    assert model(mode=mode).mode == mode


@pytest.mark.parametrize(
    "changes", [{"api_base": "http://localhost/v1"}, {"litellm_credential_name": "shared"}], ids=str
)
def test_own_address_or_named_credential_needs_no_key(changes: dict[str, str]) -> None:
    assert model(api_key=None, **changes).keys == []


def test_keyed_providers_are_known() -> None:
    assert set(RELEASE.providers) >= KEYED


def test_keys_of_a_model_are_keys_of_its_file() -> None:
    assert ModelFile.model_fields.keys() - MODEL_KEYS == {"provider", "model", "model_info"}
