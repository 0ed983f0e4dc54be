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
        files: list[str] = []
        lost: list[str] = []
        for entry in value if isinstance(value, list) else []:
            for model, names in entry.items() if isinstance(entry, Mapping) else ():
                asked = (
                    [str(name) for name in names if not isinstance(name, Mapping)] if isinstance(names, list) else []
                )
                missing = [name for name in asked if not self._known(context, name)]
                known = [name for name in asked if name not in missing]
                if model == "*" and self.kind == "fallbacks":
                    context.draft.set(DEFAULT, known, place)
                    files.append("litellm.config_yaml.router_settings.default_fallbacks")
                elif model in context.models:
                    file = context.models[model]
                    context.draft.models[file].setdefault(self.kind, known)
                    context.draft.sources[f"{file}.yaml: {self.kind}"] = place
                    files.append(f"{file}.yaml")
                else:
                    lost.append(f"{model} is not in model_list")
                lost += [f"{model} → {name}: is not in model_list" for name in missing]
        note = f"without {'; '.join(lost)}" if lost and files else "; ".join(lost)
        where = f"{self.kind} in {', '.join(dict.fromkeys(files))}" if files else ""
        context.draft.outcome(
            place, Outcome(Kind.STACK if files else Kind.NONE, where, note or ("" if files else "is empty"))
        )

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
