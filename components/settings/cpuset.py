"""A set of the host's processors, as `litellm.cpuset` names it."""

import pulumi

PATTERN = r"^\d+(-\d*)?$"
"""`2`, `0-3`, or `1-` for all from the second on."""


def resolve(cpuset: str | None, processors: int) -> range:
    """Return the processors that a cpuset names on a machine with so many; None names all of them.

    Raises:
        pulumi.RunError: when it names none, or one that the machine lacks. Docker would refuse such a container in the
            middle of an update.
    """
    if cpuset is None:
        return range(processors)
    first, dash, last = cpuset.partition("-")
    end = int(last) + 1 if last else processors if dash else int(first) + 1
    found = range(int(first), end)
    if not found or end > processors:
        raise pulumi.RunError(f"litellm.cpuset: {cpuset} should be within this host's processors, 0-{processors - 1}")
    return found


def docker_form(processors: range) -> str:
    """Format processors as Docker reads them back."""
    first, last = processors[0], processors[-1]
    return f"{first}" if first == last else f"{first}-{last}"
