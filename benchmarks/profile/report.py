"""profile.json and profile.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HOW = """\
py-spy samples the calls of each process of a replica with prod's settings, a hundred times a second, while callers wait
for their answers. A sample counts for the innermost call that has a purpose of its own. Milliseconds are the share of
the processor time that LiteLLM's cgroup used meanwhile, without Prisma's query engines, which are processes beside the
workers. The functions are LiteLLM's own; each has all that it calls."""


@dataclass(frozen=True)
class Profile:
    """Where the time of one load went."""

    name: str
    unit: str
    """What the milliseconds are of, such as a request."""
    milliseconds: float
    """LiteLLM's processor time for one."""
    engine: float
    """What Prisma's query engines have of it."""
    samples: int
    purposes: Mapping[str, float]
    """Purpose → share of the samples."""
    functions: Mapping[str, float]
    """Function → share of the samples in it and what it calls."""


def markdown(profiles: Sequence[Profile], about: Mapping[str, str]) -> str:
    """Format the report."""
    lines = ["# Profile", "", "Written by `make profile`. `profile.json` holds the same figures.", ""]
    lines += [f"- {name}: {value}" for name, value in about.items()]
    lines += ["", HOW]
    for each in profiles:
        cost = (
            f"{each.milliseconds:.3g} ms of LiteLLM's processor time for {each.unit}, {each.engine:.3g} of them in"
            f" Prisma's query engines; {each.samples:,} samples of the rest."
        )
        sampled = each.milliseconds - each.engine
        lines += ["", f"## {each.name}", cost, ""]
        lines += [f"| what for | share | ms for {each.unit} |", "|---|---|---|"]
        lines += [_row(name, share, sampled) for name, share in each.purposes.items()]
        lines += ["", f"| function of LiteLLM | share | ms for {each.unit} |", "|---|---|---|"]
        lines += [_row(f"`{name}`", share, sampled) for name, share in each.functions.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, share: float, milliseconds: float) -> str:
    return f"| {name} | {100 * share:.1f} % | {share * milliseconds:.3g} |"


def write(where: Path, profiles: Sequence[Profile], about: Mapping[str, str]) -> None:
    """Write the report in both forms."""
    where.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {"about": dict(about), "profiles": [asdict(each) for each in profiles]}
    (where / "profile.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    (where / "profile.md").write_text(markdown(profiles, about))
