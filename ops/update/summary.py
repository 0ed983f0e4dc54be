"""A preview in words: what changes and why, changed lines of files, the migration, requests at risk."""

from collections.abc import Iterable, Sequence

from components.stack.parts import outages
from ops.stack.state import VOLUME
from ops.update.diff import changed_file_lines, changed_file_names, reasons
from ops.update.operations import Operation, OperationKind

NO_CHANGE = "nothing changes"


def summarize(operations: Sequence[Operation]) -> str:
    """Return what an update would do, in words."""
    if not operations:
        return NO_CHANGE
    parts = [
        containers(operations),
        other_resources(operations),
        *changed_files(operations),
        migration(operations),
        at_risk(operations),
    ]
    return "\n\n".join(part for part in parts if part)


def containers(operations: Sequence[Operation]) -> str:
    """Return a list of what runs, containers or their like on a cluster: what happens to each, and why."""
    running = [each for each in operations if each.is_container and not each.is_data_container]
    return _listed("containers", [(each.name, each.kind.value, why(each, operations)) for each in running])


def other_resources(operations: Sequence[Operation]) -> str:
    """Return a list of the resources that are neither containers nor volumes of files."""
    written = {each.name for each in operations if each.is_data_container}
    rest = [
        each
        for each in operations
        if not each.is_container and not each.is_data_container and not (each.type == VOLUME and each.name in written)
    ]
    return _listed("other resources", [(each.name, each.kind.value, ", ".join(reasons(each))) for each in rest])


def why(operation: Operation, operations: Sequence[Operation]) -> str:
    """Return the inputs that differ; files by their names."""
    if operation.kind in (OperationKind.CREATED, OperationKind.DELETED):
        return ""
    names = [name for source in data_containers_of(operation, operations) for name in changed_file_names(source)]
    phrases = [
        ", ".join(names) if phrase == "its files" and names else phrase for phrase in dict.fromkeys(reasons(operation))
    ]
    return ", ".join(phrases)


def data_containers_of(operation: Operation, operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations on the data containers of a container's files; replicas share theirs."""
    name, _, number = operation.name.rpartition("-")
    alias = name if number.isdigit() else operation.name
    return [
        other
        for other in operations
        if other.is_data_container
        and other.kind is not OperationKind.DELETED
        and other.name.rpartition("-")[0] == alias
    ]


def changed_files(operations: Iterable[Operation]) -> list[str]:
    """Return the changed lines of each file without secrets."""
    return [
        "\n".join([f"{path} of {operation.name.rpartition('-')[0]}:", *(f"  {line}" for line in lines)])
        for operation in operations
        if operation.is_data_container and operation.kind is OperationKind.REPLACED
        for path, lines in changed_file_lines(operation).items()
    ]


def migration(operations: Iterable[Operation]) -> str:
    """Return a sentence on the database migration."""
    if not any(operation.is_migration for operation in operations):
        return "migration: none runs"
    return "migration: runs before any replica of the new image; an older image does not undo it"


def at_risk(operations: Iterable[Operation]) -> str:
    """Return what may happen to requests during the update."""
    stopped = [each.name for each in operations if each.is_container and each.kind is OperationKind.STOPPED_FIRST]
    lost = outages()
    risks = [f"  during the restart of {name}: {lost[name]}" for name in stopped if lost.get(name)]
    if not risks:
        return "requests at risk: none; each container that serves stops only when its successor is healthy"
    return "\n".join(["requests at risk:", *risks])


def _listed(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    if not rows:
        return ""
    width = max(len(name) for name, *_ in rows)
    return "\n".join(
        [f"{title}:", *(f"  {name:<{width}}  {what}{f': {cause}' if cause else ''}" for name, what, cause in rows)]
    )
