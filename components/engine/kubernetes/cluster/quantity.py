"""Quantities in Kubernetes' notation (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/)."""

import re

SUFFIXES = {
    "": 1, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60,
}  # fmt: skip

MILLICORES = 250
"""Processor that a weight of 1024 asks for. Weights keep their ratios up to MOST_MILLICORES."""
MOST_MILLICORES = 500


def parse_quantity(text: str) -> float:
    """Return a quantity as a number: `500m` is 0.5, `2Gi` is 2147483648.

    Raises:
        ValueError: when it is none.
    """
    match = re.fullmatch(r"([0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)", text)
    if not match or match[2] not in SUFFIXES:
        raise ValueError(f"{text!r} is no quantity")
    return float(match[1]) * SUFFIXES[match[2]]


def memory_quantity(mib: int) -> str:
    """Return MiB as the cluster itself writes them, so that a preview shows no difference: 2048 is `2Gi`."""
    return f"{mib}Mi" if mib % 1024 else f"{mib // 1024}Gi"


def mebibytes(text: str) -> int:
    """Return a quantity of bytes in MiB."""
    return int(parse_quantity(text) / 2**20)


def millicores(cpu_shares: int) -> int:
    """Return the processor that a container with this weight asks for, in thousandths."""
    return min(MOST_MILLICORES, max(1, cpu_shares * MILLICORES // 1024))
