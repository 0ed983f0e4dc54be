"""Runs a plan: the lanes in parallel, with progress lines. The first failure stops both lanes."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from rich.console import Console

from bootstrap.errors import Cancelled, StepError
from bootstrap.execution.shell import Shell
from bootstrap.execution.step import Lane, Step
from bootstrap.project import LOGS, ROOT

PROGRESS_SECONDS = 30.0
TAIL_LINES = 20


@dataclass
class Execution:
    """One run of a plan."""

    console: Console
    cancelled: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)

    def run(self, steps: Sequence[Step]) -> bool:
        """Run all steps until they are done or one fails; return whether all are done."""
        lanes = [[step for step in steps if step.lane is lane] for lane in Lane]
        with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
            outcomes = [pool.submit(self.run_lane, lane) for lane in lanes]
            try:
                return all(outcome.result() for outcome in outcomes)
            except BaseException:
                self.cancelled.set()
                raise

    def run_lane(self, steps: Sequence[Step]) -> bool:
        """Run the steps of one lane in order; return whether all are done."""
        return all(self.run_step(step) for step in steps)

    def run_step(self, step: Step) -> bool:
        """Run one step with its own log; on failure print the end of the log and stop both lanes."""
        LOGS.mkdir(parents=True, exist_ok=True)
        log, start, ended = LOGS / f"{step.name}.log", time.monotonic(), threading.Event()
        self.report(step, "started")
        threading.Thread(target=self.report_progress, args=(step, start, ended), daemon=True).start()
        try:
            with log.open("w") as stream:
                for action in step.actions:
                    action.run(Shell(stream, self.cancelled))
        except Cancelled:
            self.report(step, "stopped")
            return False
        except Exception as error:
            self.cancelled.set()
            tail = log.read_text().splitlines()[-TAIL_LINES:]
            sentence = str(error) if isinstance(error, StepError) else f"{type(error).__name__}: {error}"
            self.report(step, "\n".join([f"failed: {sentence}", *tail, f"whole output: {log.relative_to(ROOT)}"]))
            return False
        finally:
            ended.set()
        self.report(step, f"done in {duration(time.monotonic() - start)}")
        return True

    def report_progress(self, step: Step, start: float, ended: threading.Event) -> None:
        """Print a line every 30 s while a step runs."""
        while not ended.wait(PROGRESS_SECONDS):
            self.report(step, f"running for {duration(time.monotonic() - start)}")

    def report(self, step: Step, text: str) -> None:
        """Print a progress line, with the time since the start of the run."""
        elapsed = duration(time.monotonic() - self.started)
        self.console.print(f"{elapsed:>7}  {step.name:<14} {text}", markup=False, highlight=False, soft_wrap=True)


def duration(seconds: float) -> str:
    """Format seconds as people read them: 8s, 4m16s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
