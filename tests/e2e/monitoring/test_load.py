"""Load on the running gateway: every answer counted and timed, every failure named."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.project import Project
from tests.hardening.replica import Mock

MODEL = "gpt-oss-20b-cloud"


def loaded(gateway: Project, *options: str) -> tuple[int, dict[str, Any]]:
    result = gateway.ops("load", gateway.stack, "--json", "--model", MODEL, *options)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, json.loads(line)


@pytest.mark.parametrize("form", [(), ("--stream",)], ids=["whole", "streamed"])
def test_fifty_at_once_are_answered_timed_and_drawn(gateway: Project, tmp_path: Path, form: tuple[str, ...]) -> None:
    picture = tmp_path / "load.svg"
    exit_code, printed = loaded(gateway, "--picture", str(picture), *form)
    print(f"\n{printed}")
    assert exit_code == 0, printed
    assert (printed["requests"], printed["concurrency"], printed["failed"]) == (50, 50, 0)
    assert 0 < printed["latency_ms"]["p50"] <= printed["latency_ms"]["max"]
    assert (printed["first_chunk_ms"] is not None) is bool(form)
    assert MODEL in str(ET.parse(picture).getroot().findtext("{http://www.w3.org/2000/svg}title"))  # noqa: S314


def test_requests_that_fail_are_counted_by_their_kind(gateway: Project) -> None:
    mock = Mock(gateway)
    found = mock.client.get("/control").json()
    mock.fail({MODEL: "authentication"})
    try:
        exit_code, printed = loaded(gateway, "--requests", "3")
    finally:
        assert mock.client.put("/control", json=found).is_success
    assert exit_code == 1
    assert printed["failures"] == {"HTTP 401": 3}
