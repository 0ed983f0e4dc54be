"""Each of prod's settings is compared alone."""

import json
from collections import Counter
from typing import Any

import pytest

from benchmarks.comparison.scenarios.promises.settings import CHANGES, Change, with_values_of_prod
from benchmarks.comparison.sides.gateways import configuration
from components.stack.read import parse

NOT_COMPARED = {"gateway:edge", "gateway:postgres", "gateway:redis"}
"""Ports, and the sizes of what has room for several replicas."""


def leaves(config: dict[str, Any]) -> dict[str, Any]:
    """Return the settings by their paths, as `Project.change` takes them."""
    found: dict[str, Any] = {}
    for group, settings in config.items():
        if group != "gateway:litellm":
            found[group] = settings
            continue
        inner = settings.get("config", {})
        found |= {f"{group}.{key}": value for key, value in settings.items() if key != "config"}
        found |= {f"{group}.config.{key}": value for key, value in inner.items()}
    return found


def different(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """Return the paths that only one has, or that have another value. Null is a value."""
    return {path for path in one.keys() | other.keys() if one.get(path, ...) != other.get(path, ...)} - NOT_COMPARED


def test_every_difference_between_prod_and_baseline_is_compared_once() -> None:
    prod, baseline = leaves(configuration("prod")), leaves(configuration("baseline"))
    compared = Counter(path for change in CHANGES for path in change.paths)
    assert compared == Counter(different(prod, baseline))


def test_changed_gateway_differs_from_baseline_in_its_settings_alone() -> None:
    baseline = leaves(configuration("baseline"))
    for change in CHANGES:
        common = leaves(with_values_of_prod(change.needs))
        assert different(common, baseline) == set(change.needs), change.name
        changed = leaves(with_values_of_prod((*change.paths, *change.needs)))
        assert different(changed, common) == set(change.paths), change.name


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_program_takes_the_settings_of_both_sides(change: Change) -> None:
    for paths in (change.needs, (*change.paths, *change.needs)):
        config = with_values_of_prod(paths)
        parse({key: json.dumps(value) for key, value in config.items()}, "gateway")
