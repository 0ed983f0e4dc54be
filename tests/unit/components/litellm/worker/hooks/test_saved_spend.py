"""What a request has saved is computed once, and never taken for another request's."""

import sys
from types import ModuleType
from typing import Any

import pytest

from components.litellm.worker.hooks.saved_spend import COMPUTE, KEPT, MODULE, start
from tests.unit.components.litellm.worker.hooks.releases import module, warnings_of

MOMENT = "2026-01-01T00:00:00.000001+00:00"


class Writer(ModuleType):
    """A module in the place of LiteLLM's writer of sums."""

    def __init__(self) -> None:
        super().__init__(MODULE)
        self.computed: list[tuple[Any, ...]] = []

    def compute_savings_spend(self, model: str, usage_object: Any = None, billed_at: Any = None) -> tuple[int]:
        """Count the computations."""
        self.computed.append((model, usage_object, billed_at))
        return (len(self.computed),)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    """The writer with the computation replaced."""
    module = Writer()
    monkeypatch.setitem(sys.modules, MODULE, module)
    start()
    return module


def saved(writer: Writer, *, billed_at: Any = MOMENT, tokens: int = 3) -> tuple[int]:
    """Ask as LiteLLM does: each time it has read the request's usage anew."""
    return writer.compute_savings_spend(model="m", usage_object={"prompt_tokens": tokens}, billed_at=billed_at)


def test_equal_arguments_are_computed_once(writer: Writer) -> None:
    assert [saved(writer) for _ in range(3)] == [(1,)] * 3
    assert len(writer.computed) == 1


def test_requests_that_ended_at_the_same_moment_are_kept_apart(writer: Writer) -> None:
    assert [saved(writer, tokens=tokens) for tokens in (3, 4, 3)] == [(1,), (2,), (3,)]


def test_another_moment_is_computed(writer: Writer) -> None:
    assert saved(writer) != saved(writer, billed_at="2026-01-01T00:00:00.000002+00:00")


@pytest.mark.parametrize("moment", [None, ["no", "moment"]])
def test_without_a_moment_all_is_computed(writer: Writer, moment: Any) -> None:
    assert saved(writer, billed_at=moment) != saved(writer, billed_at=moment)


def test_arguments_without_names_are_litellm_s_own(writer: Writer) -> None:
    assert writer.compute_savings_spend("m", billed_at=MOMENT) != writer.compute_savings_spend("m", billed_at=MOMENT)


def test_old_answers_are_forgotten(writer: Writer) -> None:
    saved(writer)
    for number in range(KEPT):
        saved(writer, billed_at=str(number))
    assert saved(writer) == (KEPT + 2,)


def test_a_failure_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([ValueError("no price"), (7,)])

    def compute(billed_at: str) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    writer = module(MODULE, **{COMPUTE: compute})
    monkeypatch.setitem(sys.modules, MODULE, writer)
    start()
    with pytest.raises(ValueError, match="no price"):
        getattr(writer, COMPUTE)(billed_at=MOMENT)
    assert getattr(writer, COMPUTE)(billed_at=MOMENT) == (7,)


@pytest.mark.parametrize(
    "other",
    [None, module(MODULE), module(MODULE, **{COMPUTE: lambda model, ended: (model, ended)})],
    ids=["no module", "no computation", "no moment"],
)
def test_release_with_another_computation_keeps_it_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, other: ModuleType | None
) -> None:
    own = getattr(other, COMPUTE, None)
    monkeypatch.setitem(sys.modules, MODULE, other)
    assert warnings_of(start, caplog) == [f"{MODULE} computes savings otherwise: that is not replaced"]
    assert getattr(other, COMPUTE, None) is own
