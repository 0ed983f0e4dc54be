"""Print what a LiteLLM release knows of its config.yaml, as JSON. `tools.litellm_release` runs it in LiteLLM's image.

Names and types come from the release's own pydantic models and signatures; names that the proxy reads from plain
dictionaries come from its source.
"""

import ast
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import litellm
from litellm import Router
from litellm._version import version
from litellm.proxy import proxy_server
from litellm.proxy._types import ConfigGeneralSettings, ConfigYAML
from litellm.types.router import GenericLiteLLMParams, ModelInfo, UpdateRouterConfig
from litellm.types.utils import LlmProviders, all_litellm_params
from pydantic import TypeAdapter

Types = dict[str, list[str]]
"""Name → JSON types; an empty list: any."""

SETTING_NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Constants and types of the module have capital letters."""
PARAMETER_NAME = re.compile(r"[a-z][A-Za-z0-9_]*")
"""Some providers' own parameters have capital letters: guardrailConfig."""
LOADED_OTHERWISE = {"callbacks": ["array", "string"], "post_call_rules": ["string"]}
"""Settings whose values the loader of config.yaml turns into what the module's variable holds."""
PARAMETER_HOLDERS = {
    "llms": ("litellm_params", "optional_params"),
    "main.py": ("kwargs",),
    "integrations": ("non_default_params",),
}
"""Place in LiteLLM's source → dictionaries from which it reads the parameters of a deployment."""

JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object", list: "array",
              tuple: "array", set: "array", type(None): "null"}  # fmt: skip


def of_schema(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[str]:
    """Return the JSON types that a property's schema allows."""
    if "$ref" in schema:
        return of_schema(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if "const" in schema:
        return [JSON_TYPES[type(schema["const"])]]
    found: set[str] = set()
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        types_of_choice = of_schema(choice, definitions)
        if not types_of_choice:
            return []
        found |= set(types_of_choice)
    if found:
        return sorted(found)
    kind = schema.get("type")
    return [kind] if isinstance(kind, str) else []


def of_model(model: Any) -> Types:
    """Return the fields of a pydantic model."""
    found: Types = {}
    for name, field in model.model_fields.items():
        # One field at a time: some hold types that have no JSON schema.
        try:
            schema = TypeAdapter(field.annotation).json_schema()
            found[field.alias or name] = of_schema(schema, schema.get("$defs", {}))
        except Exception:  # noqa: BLE001
            found[field.alias or name] = []
    return found


def of_annotation(annotation: Any) -> list[str]:
    """Return the JSON types of a Python annotation; empty: any."""
    if annotation in JSON_TYPES:
        return [JSON_TYPES[annotation]]
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return sorted({JSON_TYPES[type(value)] for value in typing.get_args(annotation)})
    if origin in (typing.Union, types.UnionType):
        found: set[str] = set()
        for choice in typing.get_args(annotation):
            kinds = of_annotation(choice)
            if not kinds:
                return []
            found |= set(kinds)
        return sorted(found)
    if origin in (list, dict, tuple, set):
        return [JSON_TYPES[origin]]
    return []


def keys_read(tree: ast.AST, holder: str) -> set[str]:
    """Return the names that source reads: `holder.get("x")`, `holder["x"]`, `"x" in holder`, `getattr(holder, "x")`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=read, attr="get" | "pop"), args=[ast.Constant(value=str(key)), *_]):
                pass
            case ast.Call(func=ast.Name(id="getattr"), args=[read, ast.Constant(value=str(key)), *_]):
                pass
            case ast.Subscript(value=read, slice=ast.Constant(value=str(key))):
                pass
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In()], comparators=[read]):
                pass
            case _:
                continue
        if is_holder(read, holder):
            found.add(key)
    return found


def is_holder(read: ast.AST, holder: str) -> bool:
    """Return whether an expression is `holder`, `_holder`, `x.holder`, `x["holder"]` or `x.get("holder")`."""
    match read:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lstrip("_") == holder
        case ast.Subscript(slice=ast.Constant(value=name)):
            return bool(name == holder)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=name), *_]):
            return bool(name == holder)
        case ast.BoolOp(values=[first, *_]):
            return is_holder(first, holder)
        case _:
            return False


def declared_fields(tree: ast.AST, suffix: str) -> set[str]:
    """Return the fields of all classes whose name ends so, such as `num_ctx` of OllamaConfig."""
    return {
        field.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(suffix)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def sections_read(tree: ast.AST) -> set[str]:
    """Return the top-level keys that the loader of config.yaml, and what it calls, read of its `config`."""
    loaders = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.name == "load_config" or "config" in [argument.arg for argument in node.args.args])
    ]
    return all_keys_read(loaders, "config")


def constants_compared(tree: ast.AST, names: Iterable[str]) -> set[str]:
    """Return the strings that source compares a variable with: `key == "x"`."""
    return {
        node.comparators[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Name)
        and node.left.id in names
        and isinstance(node.ops[0], ast.Eq)
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, str)
    }


def sources(folder: Path) -> list[ast.AST]:
    """Return the parsed files of a folder, or one file."""
    return [ast.parse(file.read_text()) for file in ([folder] if folder.is_file() else sorted(folder.rglob("*.py")))]


def parameters_read(package: Path) -> set[str]:
    """Return the parameters of a deployment that LiteLLM and its providers read from dictionaries."""
    places = {place: sources(package / place) for place in PARAMETER_HOLDERS}
    read = [all_keys_read(places[place], holder) for place, holders in PARAMETER_HOLDERS.items() for holder in holders]
    return set[str]().union(*read, *(declared_fields(tree, "Config") for tree in places["llms"]))


def all_keys_read(trees: Iterable[ast.AST], holder: str) -> set[str]:
    """Return the names that any of the sources reads from a dictionary."""
    return set[str]().union(*(keys_read(tree, holder) for tree in trees))


def definition(tree: ast.AST, name: str) -> ast.AST:
    """Return the source of a class or a function by its name."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return next(node for node in ast.walk(tree) if isinstance(node, kinds) and node.name == name)


def evaluated(annotation: Any) -> Any:
    """Return an annotation that may be written as text; None when it cannot be evaluated."""
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, vars(typing) | vars(litellm))  # noqa: S307 - LiteLLM's own source
    except (NameError, TypeError, AttributeError):
        return None


def module_settings() -> Types:
    """Return the settings that are variables of LiteLLM's module."""
    annotations = {name: evaluated(annotation) for name, annotation in litellm.__annotations__.items()}
    found: Types = {}
    for name, value in vars(litellm).items():
        plain = isinstance(value, (*JSON_TYPES,))
        if not plain or not SETTING_NAME.fullmatch(name) or name.endswith(("_models", "_list", "_providers")):
            continue
        kinds = of_annotation(annotations[name]) if annotations.get(name) else of_annotation(type(value))
        # A default of None says nothing of the type.
        found[name] = [] if kinds in (["null"], []) else kinds
    return found


def deployment_parameters() -> Types:
    """Return the parameters of a deployment: LiteLLM's own, and those of a call."""
    found = of_model(GenericLiteLLMParams) | {"model": ["string"]}
    call = inspect.signature(litellm.completion).parameters
    for name in (*all_litellm_params, *call, *litellm.OPENAI_CHAT_COMPLETION_PARAMS):
        if name not in ("kwargs", "messages"):
            found.setdefault(str(name), [])
    return found


def router_settings() -> Types:
    """Return the router's arguments, with the types of its update where they are stricter."""
    arguments = inspect.signature(Router.__init__).parameters
    found = {name: of_annotation(argument.annotation) for name, argument in arguments.items() if name != "self"}
    return found | {name: kinds for name, kinds in of_model(UpdateRouterConfig).items() if kinds}


def model_info() -> Types:
    """Return what can be stated of a model: LiteLLM's own fields, and those of its price list."""
    found = of_model(ModelInfo)
    for price in litellm.model_cost.values():
        for name in price:
            found.setdefault(name, [])
    return found


def provider_keys() -> dict[str, list[str]]:
    """Return the variables in which LiteLLM looks for a provider's key when a deployment gives none."""
    found = {}
    for provider in LlmProviders:
        missing = litellm.validate_environment(model=f"{provider.value}/any")["missing_keys"]
        # Others are no keys, or one of several ways to authenticate.
        found[provider.value] = sorted(name for name in missing if name.endswith(("API_KEY", "API_TOKEN")))
    return {provider: keys for provider, keys in sorted(found.items()) if keys}


def with_names(types_: Types, names: Iterable[str], form: re.Pattern[str] = SETTING_NAME) -> Types:
    """Return the settings with more names of this form, of any type."""
    return {**{name: [] for name in names if form.fullmatch(name)}, **types_}


def main() -> None:
    """Print the release."""
    package = Path(str(litellm.__file__)).parent
    proxy_config = definition(ast.parse(Path(str(proxy_server.__file__)).read_text()), "ProxyConfig")
    proxy, router = sources(package / "proxy"), sources(package / "router.py")
    read = {name: all_keys_read(proxy, name) for name in ("litellm", "litellm_settings", "general_settings")}
    settings = constants_compared(definition(proxy_config, "load_config"), ["key"])
    settings |= read["litellm"] | read["litellm_settings"]
    start = declared_fields(ast.parse((package / "proxy" / "proxy_cli.py").read_text()), "Settings")
    modes = {str(price.get("mode", "chat")) for price in litellm.model_cost.values()}
    groups = {
        "litellm_params": with_names(deployment_parameters(), parameters_read(package), PARAMETER_NAME),
        "model_info": with_names(model_info(), all_keys_read([*proxy, *router], "model_info")),
        "litellm_settings": with_names(module_settings() | LOADED_OTHERWISE, settings),
        "router_settings": router_settings(),
        "general_settings": with_names(of_model(ConfigGeneralSettings), start | read["general_settings"]),
    }
    release = {
        "release": version,
        "providers": sorted(provider.value for provider in LlmProviders),
        "provider_keys": provider_keys(),
        "modes": sorted(mode for mode in modes if " " not in mode),
        "sections": sorted({*ConfigYAML.model_fields, *sections_read(proxy_config), "include"}),
        **{name: dict(sorted(group.items())) for name, group in groups.items()},
    }
    json.dump(release, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
