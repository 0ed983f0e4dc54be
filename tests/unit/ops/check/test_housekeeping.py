"""What housekeeping removed is named; it is a warning only when something needs it."""

from typing import Any

import pytest

from ops.check.housekeeping import removed
from ops.check.machine import Check, CheckStatus
from ops.repair.observed_state import ObservedState
from ops.stack.state import CONTAINER, VOLUME, recorded_resources

RESOURCES: list[dict[str, Any]] = [
    {"urn": f"u::{name}", "type": kind, "id": name, "inputs": inputs}
    for name, kind, inputs in [
        ("postgres", CONTAINER, {}),
        ("migration", CONTAINER, {"mustRun": False}),
        ("postgres-config", CONTAINER, {"start": False}),
        ("postgres-data", VOLUME, {}),
    ]
]
EVERYTHING = {"postgres", "migration", "postgres-config"}


def check(containers: set[str], *, volume: bool = True, images: tuple[str, ...] = ()) -> Check:
    observed = ObservedState({name: {} for name in containers}, volumes=frozenset({"postgres-data"} if volume else ()))
    return removed("dev", recorded_resources({"resources": RESOURCES}), observed, images)


def test_a_stack_that_has_everything_is_in_order() -> None:
    assert check(EVERYTHING) == Check("dev: housekeeping", CheckStatus.OK, "the engine has all that was created")


def test_what_nothing_needs_is_named_and_is_no_warning() -> None:
    found = check({"postgres"})
    assert (found.status, found.fix) == (CheckStatus.OK, "")
    assert found.text == "the engine removed migration, postgres-config; nothing needs them any more"


@pytest.mark.parametrize(
    ("found", "text", "fix"),
    [
        (check({"migration"}), "container postgres", "python -m ops recover dev"),
        (check(EVERYTHING, volume=False), "volume postgres-data", "python -m ops recover dev"),
        (check(EVERYTHING, images=("redis:7",)), "image redis:7", "python -m ops recover dev"),
        (
            check(EVERYTHING, images=("localhost/gateway/redis:7",)),
            "image localhost/gateway/redis:7",
            "bootstrap/run, then python -m ops recover dev",
        ),
    ],
    ids=["container", "volume", "image", "image built here"],
)
def test_what_is_needed_is_a_warning_with_its_cure(found: Check, text: str, fix: str) -> None:
    assert found == Check("dev: housekeeping", CheckStatus.WARNING, f"not on the engine: {text}", fix)
