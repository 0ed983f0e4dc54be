"""`model_list` → one file for each name that clients ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.models.model import CHAT, KEYED
from components.releases.check import of_type
from components.releases.release import Release
from components.settings.errors import nearest
from ops.adopt.draft import Draft, Kind, Outcome, Place
from ops.adopt.mapping.models.names import file_name, inferred_mode, inferred_provider
from ops.adopt.mapping.secret_values import SecretNames
from ops.adopt.old.variables import REFERENCE, Variables
from ops.adopt.old.yaml_file import KeyPath, YamlFile
from ops.errors import OperationError

KEY_VARIABLES = {"cohere": ("COHERE_API_KEY", "CO_API_KEY"), "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY")}
"""Variables from which LiteLLM takes a provider's key; of all others PROVIDER_API_KEY."""


@dataclass
class ModelGroup:
    """The entries of one name."""

    name: str
    file: str
    """Of the new model, without .yaml."""
    deployments: list[dict[str, Any]] = field(default_factory=list)
    info: list[dict[str, Any]] = field(default_factory=list)
    """`model_info` of each deployment."""
    entries: list[int] = field(default_factory=list)
    """Their places in model_list."""
    unchecked: list[str] = field(default_factory=list)


class ModelMapping:
    """Turns the entries of model_list into model files."""

    def __init__(
        self, config: YamlFile, draft: Draft, variables: Variables, names: SecretNames, release: Release
    ) -> None:
        """Begin with the old files."""
        self._config, self._draft, self._variables = config, draft, variables
        self._names, self._release = names, release
        self._groups: dict[str, ModelGroup] = {}

    @property
    def files(self) -> dict[str, str]:
        """Name of each model → its file, without .yaml."""
        return {name: group.file for name, group in self._groups.items()}

    def map(self) -> None:
        """Describe every model in the draft.

        Raises:
            OperationError: if model_list is no list of models.
        """
        entries = self._config.values.get("model_list") or []
        if not isinstance(entries, list):
            raise OperationError(f"{self._config.name}: model_list should be a list")
        if not entries:
            cure = "add one, even if all others are stored in the database"
            raise OperationError(f"{self._config.name}: model_list holds no model, and a stack needs one; {cure}")
        for number, entry in enumerate(entries):
            self._entry(number, entry)
        for group in self._groups.values():
            self._draft.models[group.file] = self._model(group)

    def _entry(self, number: int, entry: Any) -> None:
        where = f"{self._config.name} line {self._config.line(('model_list', number))}, model_list[{number}]"
        if not isinstance(entry, dict) or not isinstance(entry.get("model_name"), str):
            raise OperationError(f"{where}: should have a model_name")
        params = entry.get("litellm_params")
        if not isinstance(params, dict) or not isinstance(params.get("model"), str):
            raise OperationError(f"{where}: litellm_params should have a model")
        name = entry["model_name"]
        taken = [group.file for group in self._groups.values()]
        group = self._groups.setdefault(name, ModelGroup(name, file_name(name, taken)))
        group.entries.append(number)
        self._stack(number, ("model_name",), group, "" if group.file == name else f"as `name: {name}`")
        group.deployments.append(self._deployment(number, params, group))
        self._draft.no_counterpart(self._place(number, "model_info"), "LiteLLM reads no such value here")
        info = entry.get("model_info") or {}
        group.info.append(self._info(number, info, group) if isinstance(info, dict) else {})
        for key in entry.keys() - {"model_name", "litellm_params", "model_info"}:
            self._draft.no_counterpart(self._place(number, str(key)), "LiteLLM reads no such key of a model")

    def _deployment(self, number: int, params: Mapping[str, Any], group: ModelGroup) -> dict[str, Any]:
        provider, model, note = self._provider(params)
        found: dict[str, Any] = {**({"provider": provider} if provider else {}), "model": model}
        self._stack(number, ("litellm_params", "model"), group, note)
        self._draft.sources.setdefault(f"{group.file}.yaml: provider", self._place(number, "litellm_params", "model"))
        for key, value in params.items():
            if key in ("model", "custom_llm_provider"):
                continue
            place = self._place(number, "litellm_params", str(key))
            hint = f"{provider} {key}" if key == "api_key" else f"{group.name} {key}"
            converted = self._converted(value, self._release.litellm_params.get(key))
            found[key] = self._names.replace(converted, place, "provider_keys", str(key), hint)
            unknown = self._unknown(str(key), self._release.litellm_params)
            group.unchecked += [str(key)] if unknown else []
            self._stack(number, ("litellm_params", str(key)), group, unknown or self._names.note(found[key]))
        if "custom_llm_provider" in params:
            self._stack(number, ("litellm_params", "custom_llm_provider"), group, "as `provider`")
        return self._with_key(found, number, group)

    def _provider(self, params: Mapping[str, Any]) -> tuple[str | None, str, str]:
        """Return the provider, its own id of the model, and a note."""
        model = str(self._variables.resolve(params["model"]))
        given = params.get("custom_llm_provider")
        first, slash, rest = model.partition("/")
        if slash and first in self._release.providers:
            return first, rest, ""
        if isinstance(given, str):
            return given, model, ""
        inferred = None if slash else inferred_provider(model)
        return inferred, model, f"provider {inferred}, as LiteLLM infers" if inferred else ""

    def _with_key(self, found: dict[str, Any], number: int, group: ModelGroup) -> dict[str, Any]:
        """Return a deployment that names the key that LiteLLM took from its environment."""
        provider = str(found.get("provider", ""))
        if any(key in found for key in ("api_key", "api_base", "litellm_credential_name")):
            return found
        possible = KEY_VARIABLES.get(provider, (f"{provider.upper()}_API_KEY",))
        name = next((each for each in possible if self._variables.get(each)), None)
        if name is None and provider not in KEYED:
            return found
        key = REFERENCE + (name or possible[0])
        place = self._place(number, "litellm_params", "model")
        self._names.replace(key, place, "provider_keys", "api_key", "")
        missing = "" if name else f"; the old files hold no {possible[0]}: set it"
        self._stack(number, ("litellm_params", "model"), group, f"with `api_key: {key}`{missing}")
        return {**found, "api_key": key}

    def _info(self, number: int, info: Mapping[str, Any], group: ModelGroup) -> dict[str, Any]:
        for key in info:
            unknown = "" if key == "mode" else self._unknown(str(key), self._release.model_info)
            group.unchecked += [str(key)] if unknown else []
            self._stack(number, ("model_info", str(key)), group, unknown)
        return {str(key): value for key, value in info.items()}

    def _model(self, group: ModelGroup) -> dict[str, Any]:
        """Return the keys of a model's file."""
        document: dict[str, Any] = {} if group.file == group.name else {"name": group.name}
        modes = [str(info.pop("mode")) for info in group.info if "mode" in info]
        first = group.deployments[0]
        mode = modes[0] if modes else inferred_mode(f"{first['model']} {group.name}")
        if len(group.deployments) == 1:
            info = group.info[0]
            document |= {**first, **({"mode": mode} if mode != CHAT else {})}
        else:
            info = self._shared_info(group)
            document |= {**({"mode": mode} if mode != CHAT else {}), "deployments": group.deployments}
        if not modes and mode != CHAT:
            self._stack(
                group.entries[0], ("model_name",), group, f"mode {mode}, by its name: correct it if it is wrong"
            )
        return document | ({"model_info": info} if info else {}) | ({"unchecked": True} if group.unchecked else {})

    def _shared_info(self, group: ModelGroup) -> dict[str, Any]:
        """Return what holds of all deployments. What differs becomes a parameter of each, if LiteLLM has such."""
        keys = list(dict.fromkeys(key for info in group.info for key in info))
        shared = {
            key: group.info[0].get(key) for key in keys if all(i.get(key) == group.info[0].get(key) for i in group.info)
        }
        for number, deployment, info in zip(group.entries, group.deployments, group.info, strict=True):
            for key in info.keys() - shared.keys():
                place = self._place(number, "model_info", key)
                if key in self._release.litellm_params:
                    deployment.setdefault(key, info[key])
                    self._stack(number, ("model_info", key), group, "as a parameter of its deployment")
                else:
                    self._draft.no_counterpart(place, "differs between deployments of one name, which share model_info")
        return shared

    def _unknown(self, key: str, known: Mapping[str, Any]) -> str:
        """Return a note on a name that the release does not know; empty if it does."""
        if key in known:
            return ""
        hint = nearest(key, list(known))
        guess = f"; {hint}" if hint.startswith("did you mean") else ""
        return f"unknown to LiteLLM {self._release.release}, passed on by `unchecked: true`{guess}"

    def _converted(self, value: Any, kinds: list[str] | None) -> Any:
        """Return a number or truth value that is written as a text as what it is, as LiteLLM takes it."""
        if not kinds or not isinstance(value, str) or of_type(value, kinds):
            return value
        return next((each for each in _readings(value) if of_type(each, kinds)), value)

    def _stack(self, number: int, path: tuple[str, ...], group: ModelGroup, note: str) -> None:
        place = self._place(number, *path)
        file = f"{group.file}.yaml"
        self._draft.sources.setdefault(f"{file}: {path[-1]}", place)
        self._draft.sources.setdefault(f"{file}: deployments[{len(group.entries) - 1}].{path[-1]}", place)
        self._draft.outcome(place, Outcome(Kind.STACK, f"{self._draft.folder}/models/{file}", note))

    def _place(self, number: int, *path: str) -> Place:
        whole: KeyPath = ("model_list", number, *path)
        return Place(self._config.name, whole, self._config.line(whole))


def _readings(text: str) -> Iterator[Any]:
    if text.lower() in ("true", "false"):
        yield text.lower() == "true"
    for kind in (int, float):
        try:
            yield kind(text)
        except ValueError:
            continue
