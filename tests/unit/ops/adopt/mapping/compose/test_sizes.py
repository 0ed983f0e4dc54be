"""Limits of a Compose service."""

from typing import Any

import pytest

from ops.adopt.draft import Draft, Kind, Place
from ops.adopt.mapping.compose.sizes import map_size, mebibytes, seconds


@pytest.mark.parametrize(
    ("text", "mib"), [("2g", 2048), ("512M", 512), ("1.5gb", 1536), ("1073741824", 1024), ("1GiB", 1024), ("much", 0)]
)
def test_memory_is_read_in_compose_s_units(text: str, mib: int) -> None:
    assert mebibytes(text) == mib


@pytest.mark.parametrize(("text", "number"), [("1m30s", 90), ("2h", 7200), ("10s", 10), ("soon", 0)])
def test_a_duration_is_read_in_compose_s_units(text: str, number: int) -> None:
    assert seconds(text) == number


@pytest.mark.parametrize(
    "deploy", [{"resources": "text"}, {"resources": {"limits": None}}, {"resources": {"limits": {"memory": "1m"}}}, {}]
)
def test_what_is_no_limit_or_too_little_has_no_counterpart(deploy: Any) -> None:
    draft = Draft("mine")
    map_size("deploy", deploy, Place("compose.yaml", ("services", "a", "deploy"), 1), "litellm", draft)
    assert draft.settings == {}
    assert {found.kind for found in draft.outcomes.values()} == {Kind.NONE}
