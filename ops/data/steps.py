"""A program in a container that prints each of its steps."""

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from components.engine.workload import PROGRAMS_FOLDER
from ops.stack.engines.part import RunningPart


def run_steps(
    part: RunningPart,
    console: Console,
    program: str,
    *arguments: str,
    begun: Callable[[str], object] = lambda _: None,
) -> str:
    """Run a program, print each step, and return its last line: the name of what it made.

    Args:
        part: where.
        console: where the steps are printed.
        program: its file's name.
        arguments: its arguments.
        begun: gets each line when it comes.
    """
    lines: list[str] = []
    rest = bytearray()
    with console.status("") as status:

        def take(piece: bytes) -> None:
            rest.extend(piece)
            *whole, last = rest.decode(errors="replace").split("\n")
            rest[:] = last.encode()
            for line in whole:
                if lines:
                    console.print(Text(lines[-1]))
                lines.append(line)
                status.update(Text(line))
                begun(line)

        part.run(take, "sh", f"{PROGRAMS_FOLDER}/{program}", *arguments, name=program)
    return lines[-1]
