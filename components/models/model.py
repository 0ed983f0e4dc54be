"""One model of the catalogue, as its file in `stacks/models` describes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from components.models.values import alias_mistakes, param_mistakes, weight_mistakes
from components.releases.check import mistakes
from components.releases.release import Release
from components.releases.secret_values import literal_secrets, references
from components.settings.base import SettingsModel
from components.settings.errors import nearest, printable

CHAT, EMBEDDING, RERANK = "chat", "embedding", "rerank"
"""The modes that this project itself tells apart; LiteLLM knows more."""

KEYED = frozenset({"cohere", "gemini", "openai", "voyage"})
"""Providers that answer no request without a key at their own address."""

CREDENTIALS = frozenset({
    "aws_access_key_id", "aws_profile_name", "aws_role_name", "aws_web_identity_token", "azure_ad_token",
    "azure_username", "client_id", "litellm_credential_name", "vertex_credentials",
})  # fmt: skip
"""Parameters that authenticate in place of `api_key`."""

MODEL_KEYS = frozenset({"aliases", "content_policy_fallbacks", "context_window_fallbacks", "deployments", "fallbacks",
                        "mode", "name", "unchecked"})  # fmt: skip
"""Keys of a model that its deployments cannot have each for itself."""

FALLBACK_KINDS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")


class ModelFile(SettingsModel):
    """One model: a name that clients ask for, and the deployments that serve it.

    All other keys are parameters of its deployments under LiteLLM's own names, such as `api_base`, `rpm` or
    `input_cost_per_token` (https://docs.litellm.ai/docs/proxy/configs). With a list of deployments, they apply to each.
    """

    model_config = ConfigDict(extra="allow")
    renamed: ClassVar[Mapping[str, str]] = {"key": "api_key: os.environ/NAME", "served_at": "api_base"}

    name: str | None = Field(None, min_length=1)
    """The name that clients ask for, if the file's name cannot say it: `openai/*`, `team/gpt-4o`."""
    provider: str | None = None
    """Whose API serves the model, by LiteLLM's name (https://docs.litellm.ai/docs/providers). Ollama's chat API is
    `ollama_chat`, its embeddings are `ollama`."""
    model: str | None = Field(None, min_length=1)
    """The provider's own id of the model, such as `gpt-oss:120b`. Without `provider`, in LiteLLM's form:
    `azure/gpt-4o`."""
    mode: str = CHAT
    """What the model does: chat, embedding, rerank, image_generation, audio_transcription, …"""
    deployments: tuple[Mapping[str, Any], ...] = ()
    """Several deployments that share the name, each with `provider`, `model`, `model_info` and LiteLLM's parameters,
    such as `weight`. One deployment needs no list."""
    model_info: Mapping[str, Any] = Field(default_factory=dict)
    """What LiteLLM is told of the model, such as `base_model` or `max_tokens`."""
    aliases: tuple[str, ...] = ()
    """More names by which clients may ask for the model."""
    fallbacks: tuple[str, ...] = Field((), max_length=5)
    """Models to ask when this one fails, in this order; then their fallbacks. LiteLLM asks no model twice for one
    request, so two may stand in for each other, and stops after five (https://docs.litellm.ai/docs/routing)."""
    context_window_fallbacks: tuple[str, ...] = Field((), max_length=5)
    """Models to ask when a request is longer than this one's context."""
    content_policy_fallbacks: tuple[str, ...] = Field((), max_length=5)
    """Models to ask when this one refuses a request's content."""
    unchecked: bool = False
    """Whether parameters that the release does not know are passed on. Secrets in clear are refused all the same."""


@dataclass(frozen=True)
class Deployment:
    """One place that serves a model."""

    provider: str
    model: str
    """The provider's own id."""
    params: Mapping[str, Any]
    """LiteLLM's parameters but for `model`."""
    default_keys: tuple[str, ...] = ()
    """Variables of which LiteLLM takes the key, because the parameters give none; one of them is enough."""
    model_info: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What LiteLLM is told of it."""

    @property
    def litellm_model(self) -> str:
        """The deployment's `model` in LiteLLM's form."""
        return f"{self.provider}/{self.model}"

    @property
    def keys(self) -> list[str]:
        """Names of the variables that its parameters refer to."""
        return [name for _, name in references(dict(self.params), "")]


@dataclass(frozen=True)
class Model:
    """One model of the catalogue."""

    name: str
    mode: str
    deployments: tuple[Deployment, ...]
    aliases: tuple[str, ...]
    fallbacks: Mapping[str, tuple[str, ...]]
    """Names by kind: the keys are FALLBACK_KINDS."""
    unchecked: bool

    @property
    def provider(self) -> str:
        """Provider of the first deployment."""
        return self.deployments[0].provider

    @property
    def keys(self) -> list[str]:
        """Names of the variables that its deployments refer to."""
        return list(dict.fromkeys(key for deployment in self.deployments for key in deployment.keys))

    @property
    def is_wildcard(self) -> bool:
        """Whether the name stands for many: `openai/*`."""
        return "*" in self.name


def model_of(name: str, file: ModelFile, release: Release) -> Model:
    """Return the model that a file describes.

    Raises:
        ValueError: a line for each mistake, which begins with the key.
    """
    found = list(_mistakes(file, release))
    if found:
        raise ValueError("\n".join(found))
    return Model(
        name=file.name or name,
        mode=file.mode,
        deployments=tuple(_deployment(given, release) for _, given in _given(file)),
        aliases=file.aliases,
        fallbacks={kind: getattr(file, kind) for kind in FALLBACK_KINDS},
        unchecked=file.unchecked,
    )


def _given(file: ModelFile) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find each deployment as it is given, with its path: the common parameters, then its own."""
    common = dict(file.model_extra or {})
    common |= {key: value for key, value in (("provider", file.provider), ("model", file.model)) if value is not None}
    if not file.deployments:
        yield "", {**common, "model_info": file.model_info}
    for place, own in enumerate(file.deployments):
        info = own.get("model_info", {})
        merged = {**file.model_info, **info} if isinstance(info, Mapping) else info
        yield f"deployments[{place}].", {**common, **own, "model_info": merged}


def _deployment(given: Mapping[str, Any], release: Release) -> Deployment:
    provider, model = _provider_and_model(given, release)
    params = _params(given)
    keyless = not {"api_key", "api_base", *CREDENTIALS} & params.keys()
    default_keys = tuple(release.provider_keys.get(str(provider), ())) if keyless else ()
    return Deployment(str(provider), model, params, default_keys, given["model_info"])


def _params(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in ("provider", "model", "model_info")}


def _provider_and_model(given: Mapping[str, Any], release: Release) -> tuple[str | None, str]:
    model = str(given["model"])
    if "provider" in given:
        return str(given["provider"]), model
    provider, slash, rest = model.partition("/")
    return (provider, rest) if slash and provider in release.providers else (None, model)


def _mistakes(file: ModelFile, release: Release) -> Iterator[str]:
    for key, names in (("name", [file.name or ""]), ("aliases", [*file.aliases])):
        if not all(name.isprintable() and name == name.strip() for name in names):
            yield f"{key}: should be text in one line, without spaces around it"
        yield from _secrets(names, key)
    yield from alias_mistakes(file.aliases)
    if "mode" in file.model_info:
        yield "model_info.mode: is written by the gateway; set mode"
    yield from weight_mistakes([given.get("weight") for _, given in _given(file)])
    if file.mode not in release.modes:
        yield f"mode: {file.mode!r} is no mode of LiteLLM; {nearest(file.mode, release.modes)}"
    for path, given in _given(file):
        yield from _deployment_mistakes(path, given, release, unchecked=file.unchecked)


def _secrets(value: Any, path: str) -> Iterator[str]:
    return (f"{where}: {reason}; remove it" for where, reason in literal_secrets(value, path))


def _deployment_mistakes(path: str, given: Mapping[str, Any], release: Release, *, unchecked: bool) -> Iterator[str]:
    if not isinstance(given.get("model"), str):
        yield f"{path}model: is required: the provider's own id of the model, a text"
        return
    provider, model = _provider_and_model(given, release)
    if provider is None:
        cure = f"write it, or the model as PROVIDER/{printable(model)}"
        yield f"{path}provider: is required: {model!r} names none; {cure}"
        return
    yield from _secrets(provider, f"{path}provider")
    yield from _secrets(model, f"{path}model")
    if provider not in release.providers and not unchecked:
        yield f"{path}provider: {provider!r} is no provider of LiteLLM; {nearest(provider, release.providers)}"
    params = _params(given)
    for key, hint in ModelFile.renamed.items():
        if key in params:
            yield f"{path}{key}: is an old name; write {hint}"
            del params[key]
    for key in sorted(MODEL_KEYS & params.keys()):
        yield f"{path}{key}: is a key of the model, not of one deployment; write it beside deployments"
        del params[key]
    yield from mistakes(params, release.litellm_params, path.removesuffix("."), unchecked=unchecked)
    if isinstance(given["model_info"], Mapping):
        yield from mistakes(given["model_info"], release.model_info, f"{path}model_info", unchecked=unchecked)
    else:
        yield f"{path}model_info: should be keys and values"
    yield from param_mistakes(provider, params, path)
    if provider in KEYED and not {key for key in ("api_key", "api_base", "litellm_credential_name") if params.get(key)}:
        yield f"{path}api_key: is required with provider {provider}: it answers no request without a key"
