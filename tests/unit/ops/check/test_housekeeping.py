"""What housekeeping removed is named; it is a warning only when something needs it."""

from dataclasses import replace
from typing import Any

import pytest

from ops.check.housekeeping import Present, removed
from ops.check.machine import Check, CheckStatus
from ops.stack.state import CONTAINER, IMAGE, VOLUME, recorded_resources

BUILT, PULLED = "localhost/gateway/redis:7", "docker.io/library/postgres:15@sha256:0123"
RESOURCES: list[dict[str, Any]] = [
    {"urn": f"u::{name}", "type": kind, "id": name, "inputs": inputs}
    for name, kind, inputs in [
        ("postgres", CONTAINER, {}),
        ("migration", CONTAINER, {"mustRun": False}),
        ("postgres-config", CONTAINER, {"start": False}),
        ("postgres-data", VOLUME, {}),
        ("redis-image", IMAGE, {"name": BUILT}),
        ("postgres-image", IMAGE, {"name": PULLED}),
        ("data-network", "docker:index/network:Network", {}),
    ]
]
EVERYTHING = Present(
    containers=frozenset({"postgres", "migration", "postgres-config"}),
    volumes=frozenset({"postgres-data"}),
    images=frozenset({BUILT, PULLED}),
)


def check(engine: Present) -> Check:
    return removed("dev", recorded_resources({"resources": RESOURCES}), engine)


def test_a_stack_that_has_everything_is_in_order() -> None:
    assert check(EVERYTHING) == Check("dev: housekeeping", CheckStatus.OK, "the engine has all that was created")


def test_what_nothing_needs_is_named_and_is_no_warning() -> None:
    found = check(replace(EVERYTHING, containers=frozenset({"postgres"})))
    assert (found.status, found.fix) == (CheckStatus.OK, "")
    assert found.text == "the engine removed migration, postgres-config; nothing needs them any more"


@pytest.mark.parametrize(
    ("engine", "missing", "fix"),
    [
        (replace(EVERYTHING, containers=frozenset({"migration"})), "postgres", "python -m ops recover dev"),
        (replace(EVERYTHING, volumes=frozenset()), "postgres-data", "python -m ops recover dev"),
        (replace(EVERYTHING, images=frozenset({BUILT})), "postgres-image", "python -m ops recover dev"),
        (
            replace(EVERYTHING, images=EVERYTHING.images - {BUILT}),
            "redis-image",
            "bootstrap/run, then python -m ops recover dev",
        ),
    ],
    ids=["container", "volume", "image", "image built here"],
)
def test_what_is_needed_is_a_warning_with_its_cure(engine: Present, missing: str, fix: str) -> None:
    assert check(engine) == Check("dev: housekeeping", CheckStatus.WARNING, f"not on the engine: {missing}", fix)
