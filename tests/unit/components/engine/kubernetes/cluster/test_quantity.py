"""Quantities."""

import pytest

from components.engine.kubernetes.cluster.quantity import mebibytes, memory_quantity, millicores, parse_quantity


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("500m", 0.5), ("1.5", 1.5), ("2Gi", 2**31), ("128974848", 128974848), ("1e3", 1000)]
)
def test_quantity_is_a_number(text: str, number: float) -> None:
    assert parse_quantity(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["", "Gi", "2 Gi", "2Gb", "-1"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no quantity"):
        parse_quantity(text)


@pytest.mark.parametrize(("text", "mib"), [("2Gi", 2048), ("16393412Ki", 16009), ("1G", 953)])
def test_bytes_are_counted_in_mib(text: str, mib: int) -> None:
    assert mebibytes(text) == mib


@pytest.mark.parametrize(("mib", "text"), [(300, "300Mi"), (1024, "1Gi"), (2048, "2Gi"), (1536, "1536Mi")])
def test_memory_is_written_as_the_cluster_writes_it(mib: int, text: str) -> None:
    assert memory_quantity(mib) == text


@pytest.mark.parametrize(("cpu_shares", "asked"), [(2, 1), (256, 62), (1024, 250), (2048, 500), (262_144, 500)])
def test_weight_asks_for_processor(cpu_shares: int, asked: int) -> None:
    assert millicores(cpu_shares) == asked
