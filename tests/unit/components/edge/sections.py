"""Sections of a haproxy.cfg, read as text."""

from components.edge.haproxy import Replicas

REPLICAS = Replicas(request_timeout=450, concurrency=90, count=2)


def section(text: str, header: str) -> list[str]:
    """Return the lines of one section, without comments."""
    _, _, rest = f"\n{text}".partition(f"\n{header}\n")
    lines = rest.partition("\n\n")[0].splitlines()
    return [line.strip() for line in lines if not line.strip().startswith("#")]
