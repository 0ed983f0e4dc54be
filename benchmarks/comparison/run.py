"""Runs scenarios: both sides in turn, round by round, with progress on the terminal."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Subject
from benchmarks.comparison.figures.row import Round, Row
from benchmarks.comparison.samples import Run, Samples
from benchmarks.comparison.scenario import Measure, Scenario, Sides

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that end a run."""


@dataclass
class Outcome:
    """What a run gave."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    """Scenario → its rows."""
    failures: dict[str, str] = field(default_factory=dict)
    """Scenario → why it has no rows."""


@dataclass(frozen=True)
class Runner:
    """Measures scenarios and keeps their rounds."""

    effort: Effort
    run: Run
    folder: Path
    """Where the rounds are kept."""
    console: Console

    def measure(self, scenarios: Sequence[Scenario[Any]]) -> Outcome:
        """Measure the scenarios. A complete one is measured anew when all are; an incomplete one goes on.

        Of code that is not committed all are measured anew: it may have changed since. A scenario that fails does not
        stop the others.
        """
        outcome = Outcome()
        if not self.run.committed or all(self._left(each) == 0 for each in scenarios):
            for each in scenarios:
                self._samples(each).clear()
        with stopped_by_signal():
            for group, members in groupby(scenarios, lambda scenario: scenario.group):
                self._group(group, list(members), outcome)
        return outcome

    def _group(self, group: Any, scenarios: Sequence[Scenario[Any]], outcome: Outcome) -> None:
        waiting = [each for each in scenarios if self._left(each)]
        measured: list[Scenario[Any]] = [each for each in scenarios if each not in waiting]
        try:
            if waiting:
                self._say(f"starting {group.name}")
                with ExitStack() as stack:
                    stack.enter_context(signals_kept())
                    environment = stack.enter_context(group.open(self.effort))
                    # The first step at the end: what was started is then removed to the last, whoever is impatient.
                    stack.callback(ignore_signals)
                    for scenario in waiting:
                        self._try(scenario, environment, outcome)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other groups are measured
            for scenario in waiting:
                if not self._left(scenario):
                    continue
                outcome.failures.setdefault(scenario.name, f"{group.name}: {one_line(error)}")
            self._say(f"{group.name} failed: {one_line(error)}")
        for scenario in (*measured, *waiting):
            if not self._left(scenario):
                outcome.rows[scenario.name] = scenario.rows(self._samples(scenario).read(), self.effort)

    def _try(self, scenario: Scenario[Any], environment: Any, outcome: Outcome) -> None:
        try:
            with scenario.open(environment, self.effort) as sides:
                self._rounds(scenario, sides)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other scenarios are measured
            outcome.failures[scenario.name] = one_line(error)
            self._say(f"{scenario.name} failed: {one_line(error)}")

    def _rounds(self, scenario: Scenario[Any], sides: Sides) -> None:
        samples = self._samples(scenario)
        rounds, count = [] if scenario.series else samples.read(), scenario.count(self.effort)
        for number in range(len(rounds) + 1, count + 1):
            begin = time.monotonic()

            def side(letter: str, measure: Measure, number: int = number) -> dict[str, float]:
                return dict(measure(f"bench {scenario.name} {number} {letter}"))

            rounds.append(Round(a=side("a", sides.a), b=side("b", sides.b)))
            samples.write(rounds)
            seconds = time.monotonic() - begin
            self._say(f"{scenario.name}: round {number} of {count} in {seconds:.0f} s; {self._first(scenario, rounds)}")

    def _first(self, scenario: Scenario[Any], rounds: Sequence[Round]) -> str:
        metric = scenario.metrics[0]
        last = rounds[-1]
        # A slope is known at the end; a round has what it is the slope of.
        name = metric.key if metric.about is Subject.SLOPE else metric.name
        return f"{name}: a {last.a.get(metric.key, 0):.4g}, b {last.b.get(metric.key, 0):.4g}"

    def _samples(self, scenario: Scenario[Any]) -> Samples:
        run = replace(self.run, text=scenario.text, a=scenario.a, b=scenario.b)
        return Samples(scenario.file(self.folder), run)

    def _left(self, scenario: Scenario[Any]) -> int:
        return max(0, scenario.count(self.effort) - len(self._samples(scenario).read()))

    def _say(self, text: str) -> None:
        self.console.print(f"{time.strftime('%H:%M:%S')} {text}", markup=False)


def one_line(error: Exception) -> str:
    """Return what an error says as one line, its end rather than its beginning: Pulumi's cause stands last."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 400 else f"… {text[-400:]}"


@contextmanager
def signals_kept() -> Iterator[None]:
    """Give the signals that end a run the handlers again that they have now."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """Ignore the signals that end a run."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def stopped_by_signal() -> Iterator[None]:
    """End the body in order when the process is told to terminate: what it started is removed."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before: Callable[..., Any] | int | None = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
