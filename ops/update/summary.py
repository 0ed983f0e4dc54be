"""A preview in words: what changes and why, the changed lines of files, the migration, the requests at risk."""

from collections.abc import Iterable, Sequence

from ops.update.diff import file_lines, file_names, reasons
from ops.update.operations import Action, Change

RISKS = {
    "postgres": "requests whose key no replica has in its cache are refused",
    "redis": "limits, budgets and caches are each worker's own",
    "ingress": "new requests are refused and open connections are cut",
    "provider": "every model fails: the mock provider answers for all",
}
"""What is lost while a container is stopped and not yet replaced."""
NO_REQUESTS_PASS = ("prometheus", "grafana", "postgres-exporter", "redis-exporter")
"""Containers whose stop costs no request."""
NO_CHANGE = "nothing changes"


def explain(changes: Sequence[Change]) -> str:
    """Say in words what an update would do."""
    if not changes:
        return NO_CHANGE
    parts = [containers(changes), other(changes), *files(changes), migration(changes), at_risk(changes)]
    return "\n\n".join(part for part in parts if part)


def containers(changes: Sequence[Change]) -> str:
    """List the containers that run: what happens to each, and why."""
    running = [change for change in changes if change.is_container and not change.is_carrier]
    return _listed("containers", [(change.name, change.action.value, why(change, changes)) for change in running])


def other(changes: Iterable[Change]) -> str:
    """List what is neither a container nor a file."""
    rest = [change for change in changes if not change.is_container]
    return _listed("beside them", [(change.name, change.action.value, ", ".join(reasons(change))) for change in rest])


def why(change: Change, changes: Sequence[Change]) -> str:
    """Give the inputs that differ, files by their names."""
    if change.action in (Action.MADE, Action.REMOVED):
        return ""
    carried = [name for carrier in carriers(change, changes) for name in file_names(carrier)]
    phrases = [
        ", ".join(carried) if phrase == "its files" and carried else phrase for phrase in dict.fromkeys(reasons(change))
    ]
    return ", ".join(phrases)


def carriers(change: Change, changes: Iterable[Change]) -> list[Change]:
    """Give the carriers of a container's files that change; replicas share theirs."""
    name, _, number = change.name.rpartition("-")
    alias = name if number.isdigit() else change.name
    return [
        other
        for other in changes
        if other.is_carrier and other.action is not Action.REMOVED and other.name.rpartition("-")[0] == alias
    ]


def files(changes: Iterable[Change]) -> list[str]:
    """Give the changed lines of each file that holds no secret."""
    return [
        "\n".join([f"{path} of {change.name.rpartition('-')[0]}:", *(f"  {line}" for line in lines)])
        for change in changes
        if change.is_carrier and change.action is Action.REPLACED
        for path, lines in file_lines(change).items()
    ]


def migration(changes: Iterable[Change]) -> str:
    """Say whether a migration runs."""
    if not any(change.is_migration for change in changes):
        return "migration: none runs"
    return "migration: runs before any replica of the new image; an older image does not undo it"


def at_risk(changes: Iterable[Change]) -> str:
    """Say what requests meet while it is done."""
    stopped = [change.name for change in changes if change.is_container and change.action is Action.STOPPED_FIRST]
    risks = [
        f"  during the restart of {name}: {RISKS.get(name, 'what it does is not done')}"
        for name in stopped
        if name not in NO_REQUESTS_PASS
    ]
    if not risks:
        return "requests at risk: none; what serves stops when the new one is healthy"
    return "\n".join(["requests at risk:", *risks])


def _listed(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    if not rows:
        return ""
    width = max(len(name) for name, *_ in rows)
    return "\n".join(
        [f"{title}:", *(f"  {name:<{width}}  {what}{f': {cause}' if cause else ''}" for name, what, cause in rows)]
    )
