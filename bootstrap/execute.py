"""Carries a plan out: the lanes side by side, with progress lines; the first failure stops the rest."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from rich.console import Console

from bootstrap.project import LOGS, ROOT
from bootstrap.shell import Cancelled, Failure, Shell
from bootstrap.step import Lane, Step

PROGRESS_SECONDS = 30.0
TAIL_LINES = 20


@dataclass
class Execution:
    """One carrying out of a plan."""

    console: Console
    cancelled: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)

    def run(self, steps: Sequence[Step]) -> bool:
        """Run every lane to its end, or until one fails.

        Returns:
            Whether all steps are done.
        """
        lanes = [[step for step in steps if step.lane is lane] for lane in Lane]
        with ThreadPoolExecutor(max_workers=len(lanes)) as pool:
            outcomes = [pool.submit(self.run_lane, lane) for lane in lanes]
            try:
                return all(outcome.result() for outcome in outcomes)
            except BaseException:
                self.cancelled.set()
                raise

    def run_lane(self, steps: Sequence[Step]) -> bool:
        """Run one lane's steps in order."""
        return all(self.run_step(step) for step in steps)

    def run_step(self, step: Step) -> bool:
        """Run one step with its output in a log of its own; on failure show the log's tail and stop all lanes."""
        LOGS.mkdir(parents=True, exist_ok=True)
        log, start, ended = LOGS / f"{step.name}.log", time.monotonic(), threading.Event()
        self.say(step, "started")
        threading.Thread(target=self.tell_progress, args=(step, start, ended), daemon=True).start()
        try:
            with log.open("w") as stream:
                for work in step.work:
                    work.run(Shell(stream, self.cancelled))
        except Cancelled:
            self.say(step, "stopped")
            return False
        except Exception as error:
            self.cancelled.set()
            tail = log.read_text().splitlines()[-TAIL_LINES:]
            sentence = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
            self.say(step, "\n".join([f"failed: {sentence}", *tail, f"whole output: {log.relative_to(ROOT)}"]))
            return False
        finally:
            ended.set()
        self.say(step, f"done in {duration(time.monotonic() - start)}")
        return True

    def tell_progress(self, step: Step, start: float, ended: threading.Event) -> None:
        """Say now and then that a long step still runs."""
        while not ended.wait(PROGRESS_SECONDS):
            self.say(step, f"running for {duration(time.monotonic() - start)}")

    def say(self, step: Step, text: str) -> None:
        """Print a progress line with the time since the start of all steps."""
        elapsed = duration(time.monotonic() - self.started)
        self.console.print(f"{elapsed:>7}  {step.name:<14} {text}", markup=False, highlight=False, soft_wrap=True)


def duration(seconds: float) -> str:
    """Write a time as people read it: 8s, 4m16s."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
