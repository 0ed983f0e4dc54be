"""Each of prod's settings is compared alone."""

from collections import Counter
from typing import Any

from benchmarks.comparison.scenarios.promises.settings import CHANGES, with_values_of_prod
from benchmarks.comparison.sides.gateways import configuration

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
        changed = leaves(with_values_of_prod(change.paths))
        assert different(changed, baseline) == set(change.paths), change.name
