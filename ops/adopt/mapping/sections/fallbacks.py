"""Fallbacks and aliases stand in the file of the model that they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ops.adopt.draft import Kind, Outcome, Place
from ops.adopt.mapping.context import Context, Rule
from ops.adopt.old.yaml_file import written

DEFAULT = "litellm.config_yaml.router_settings.default_fallbacks"


@dataclass(frozen=True)
class Fallbacks(Rule):
    """A list of {model: [models to ask when it fails]}."""

    kind: str
    """Key of a model's file."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Add each list to its model's file."""
        if not value:
            context.draft.no_counterpart(place, "is empty")
        for number, entry in enumerate(value if isinstance(value, list) else []):
            for model, names in entry.items() if isinstance(entry, Mapping) else ():
                inner = Place(place.file, (*place.path, number, str(model)), place.line)
                self._add(context, inner, str(model), names if isinstance(names, list) else [])

    def _add(self, context: Context, place: Place, model: str, names: list[Any]) -> None:
        asked = [str(name) for name in names if not isinstance(name, Mapping)]
        known = [name for name in asked if self._known(context, name)]
        lost = [name for name in asked if name not in known]
        note = f"without {', '.join(lost)}: not in model_list" if lost else ""
        if model == "*" and self.kind == "fallbacks":
            context.draft.set(DEFAULT, known, place, note)
        elif model not in context.models:
            context.draft.no_counterpart(place, f"{model} is not in model_list")
        elif not known:
            context.draft.no_counterpart(place, note or "names no model")
        else:
            file = context.models[model]
            context.draft.models[file].setdefault(self.kind, known)
            context.draft.sources[f"{file}.yaml: {self.kind}"] = place
            context.draft.outcome(place, Outcome(Kind.STACK, f"{self.kind} in {file}.yaml", note))

    @staticmethod
    def _known(context: Context, name: str) -> bool:
        aliases = [alias for model in context.draft.models.values() for alias in model.get("aliases", ())]
        return name in aliases or any(name == model or fnmatchcase(name, model) for model in context.models)


class Aliases(Rule):
    """{alias: model}."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Add each alias to its model's file."""
        for alias, target in value.items() if isinstance(value, Mapping) else ():
            inner = Place(place.file, (*place.path, str(alias)), place.line)
            hidden = isinstance(target, Mapping)
            model = str(target.get("model") if isinstance(target, Mapping) else target)
            if model not in context.models:
                context.draft.no_counterpart(inner, f"{model} is not in model_list")
                continue
            file = context.models[model]
            context.draft.models[file].setdefault("aliases", []).append(str(alias))
            context.draft.sources[f"{file}.yaml: aliases"] = inner
            note = "it is listed among the models" if hidden else ""
            context.draft.outcome(inner, Outcome(Kind.STACK, f"aliases in {file}.yaml", note))
        if not value:
            context.draft.no_counterpart(place, f"{written(place.path[-1:])} is empty")
