"""`model_list` → one file for each name that clients ask for."""

from collections.abc import Mapping
from typing import Any

from components.releases.release import Release
from ops.adopt.draft import Draft, Kind, Outcome, Place
from ops.adopt.mapping.models.group import ModelGroup
from ops.adopt.mapping.models.names import file_name
from ops.adopt.mapping.models.parameters import converted, unknown_note
from ops.adopt.mapping.models.provider import key_variable, provider_of
from ops.adopt.mapping.secret_values import SecretNames
from ops.adopt.old.variables import REFERENCE, Variables
from ops.adopt.old.yaml_file import KeyPath, YamlFile
from ops.errors import OperationError


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
        provider, model, note = provider_of(params, self._variables, self._release)
        found: dict[str, Any] = {**({"provider": provider} if provider else {}), "model": model}
        self._stack(number, ("litellm_params", "model"), group, note)
        self._draft.sources.setdefault(f"{group.file}.yaml: provider", self._place(number, "litellm_params", "model"))
        for key, value in params.items():
            if key in ("model", "custom_llm_provider"):
                continue
            place = self._place(number, "litellm_params", str(key))
            hint = f"{provider} {key}" if key == "api_key" else f"{group.name} {key}"
            plain = converted(value, self._release.litellm_params.get(key))
            found[key] = self._names.replace(plain, place, "provider_keys", str(key), hint)
            unknown = unknown_note(str(key), self._release.litellm_params, self._release)
            group.unchecked += [str(key)] if unknown else []
            self._stack(number, ("litellm_params", str(key)), group, unknown or self._names.note(found[key]))
        if "custom_llm_provider" in params:
            self._stack(number, ("litellm_params", "custom_llm_provider"), group, "as `provider`")
        return self._with_key(found, number, group)

    def _with_key(self, found: dict[str, Any], number: int, group: ModelGroup) -> dict[str, Any]:
        """Return a deployment that names the key that LiteLLM took from its environment."""
        provider = str(found.get("provider", ""))
        if any(key in found for key in ("api_key", "api_base", "litellm_credential_name")):
            return found
        name = key_variable(provider, self._variables)
        if name is None:
            return found
        key = REFERENCE + name
        place = self._place(number, "litellm_params", "model")
        self._names.replace(key, place, "provider_keys", "api_key", "")
        missing = "" if self._variables.get(name) else f"; the old files hold no {name}: set it"
        self._stack(number, ("litellm_params", "model"), group, f"with `api_key: {key}`{missing}")
        return {**found, "api_key": key}

    def _info(self, number: int, info: Mapping[str, Any], group: ModelGroup) -> dict[str, Any]:
        for key in info:
            unknown = "" if key == "mode" else unknown_note(str(key), self._release.model_info, self._release)
            group.unchecked += [str(key)] if unknown else []
            self._stack(number, ("model_info", str(key)), group, unknown)
        return {str(key): value for key, value in info.items()}

    def _model(self, group: ModelGroup) -> dict[str, Any]:
        """Return the keys of a model's file."""
        mode, told_by_name = group.take_mode()
        if told_by_name:
            note = f"mode {mode}, by its name: correct it if it is wrong"
            self._stack(group.entries[0], ("model_name",), group, note)
        self._separate_info(group)
        return group.document(mode)

    def _separate_info(self, group: ModelGroup) -> None:
        """Turn what is stated of single deployments into their parameters, where LiteLLM has such."""
        shared = group.shared_info()
        for number, deployment, info in zip(group.entries, group.deployments, group.info, strict=True):
            for key in info.keys() - shared.keys():
                if key in self._release.litellm_params:
                    deployment.setdefault(key, info[key])
                    self._stack(number, ("model_info", key), group, "as a parameter of its deployment")
                else:
                    reason = "differs between deployments of one name, which share model_info"
                    self._draft.no_counterpart(self._place(number, "model_info", key), reason)

    def _stack(self, number: int, path: tuple[str, ...], group: ModelGroup, note: str) -> None:
        place = self._place(number, *path)
        file = f"{group.file}.yaml"
        self._draft.sources.setdefault(f"{file}: {path[-1]}", place)
        self._draft.sources.setdefault(f"{file}: deployments[{len(group.entries) - 1}].{path[-1]}", place)
        self._draft.outcome(place, Outcome(Kind.STACK, f"{self._draft.folder}/models/{file}", note))

    def _place(self, number: int, *path: str) -> Place:
        whole: KeyPath = ("model_list", number, *path)
        return Place(self._config.name, whole, self._config.line(whole))
