"""Every section of config.yaml but model_list."""

from collections.abc import Mapping
from typing import Any

from components.litellm.own_config import OWNED_SECTIONS
from components.settings.errors import nearest
from ops.adopt.draft import Place
from ops.adopt.mapping.context import Context
from ops.adopt.mapping.sections.rules import ORDER, RULES
from ops.adopt.old.yaml_file import YamlFile
from ops.errors import OperationError

CONFIG_YAML = "litellm.config_yaml"
MASTER_KEY = ("general_settings", "master_key")
FIRST = ("litellm_settings", "router_settings")
"""Where both say something, LiteLLM's router follows its own section, which therefore comes second."""


def map_sections(config: YamlFile, context: Context) -> None:
    """Give each key of the sections a place in the draft.

    Raises:
        OperationError: if a section is split over several files, or holds no keys.
    """
    if "include" in config.values:
        line = config.line(("include",))
        raise OperationError(f"{config.name} line {line}: include is not read; put all sections into one file")
    for section in sorted(config.values, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
        values = config.values[section]
        if section in RULES:
            _section(config, section, values, context)
        elif section == "environment_variables":
            # Its variables have outcomes of their own.
            place = Place(config.name, (section,), config.line((section,)))
            context.draft.no_counterpart(place, "LiteLLM reads no such value here")
        elif section not in OWNED_SECTIONS:
            place = Place(config.name, (section,), config.line((section,)))
            _keep(section, values, context.release.sections, place, context)


def _section(config: YamlFile, section: str, values: Any, context: Context) -> None:
    place = Place(config.name, (section,), config.line((section,)))
    if values is None:
        context.draft.no_counterpart(place, "is empty")
        return
    if not isinstance(values, Mapping):
        raise OperationError(f"{config.name} line {place.line}: {section} should hold keys and values")
    if not values:
        context.draft.no_counterpart(place, "is empty")
    for key in sorted(values, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)):
        path = (section, str(key))
        inner = Place(config.name, path, config.line(path))
        if inner.path == MASTER_KEY:
            # `mapping/keys.py` has found it.
            if not values[key]:
                context.draft.no_counterpart(inner, "is empty")
        elif rule := RULES[section].get(key):
            # What a rule leaves without an outcome is of another form than LiteLLM reads.
            context.draft.no_counterpart(inner, "LiteLLM reads no such value here")
            rule.apply(context, inner, values[key])
        else:
            _keep(f"{section}.{key}", values[key], list(getattr(context.release, section)), inner, context)


def _keep(path: str, value: Any, known: list[str], place: Place, context: Context) -> None:
    """Keep a part of config.yaml under LiteLLM's own names, its secrets encrypted."""
    name = path.rpartition(".")[2]
    kept = context.names.replace(value, place, "secret_environment", name, name)
    note = context.names.note(kept)
    if name not in known:
        context.draft.settings.setdefault("litellm", {}).setdefault("config_yaml", {})["unchecked"] = True
        hint = nearest(name, known)
        guess = f"; {hint}" if hint.startswith("did you mean") else ""
        note = f"unknown to LiteLLM {context.release.release}, passed on by `unchecked: true`{guess}"
    context.draft.set(f"{CONFIG_YAML}.{path}", kept, place, note)
