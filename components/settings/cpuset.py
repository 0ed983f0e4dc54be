"""Which of the host's processors replicas use."""

import pulumi

PATTERN = r"^\d+(-\d*)?$"
"""`2`, `0-3`, or `1-` for all from the second on."""


def selected(cpu_set: str | None, there: int) -> range:
    """Give the processors that `litellm.cpu_set` names on a machine of so many; all where it names none.

    Raises:
        pulumi.RunError: when it names none of the machine's, or one that the machine lacks. Docker would refuse such a
            container in the middle of an update.
    """
    if cpu_set is None:
        return range(there)
    first, dash, last = cpu_set.partition("-")
    end = int(last) + 1 if last else there if dash else int(first) + 1
    found = range(int(first), end)
    if not found or end > there:
        raise pulumi.RunError(f"litellm.cpu_set: {cpu_set} should be within this host's processors, 0-{there - 1}")
    return found


def docker_form(processors: range) -> str:
    """Write them as Docker reads them back."""
    first, last = processors[0], processors[-1]
    return f"{first}" if first == last else f"{first}-{last}"
