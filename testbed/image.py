"""Images for tests, made of those that run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.engine.connection.client import connect
from components.litellm.component import LOADER
from components.litellm.migration import MIGRATION_ALONE
from testbed.project import Project

NAME = "localhost/testbed/litellm"
MIGRATION = "99991231235959_testbed"
"""A migration that comes after LiteLLM's own."""
REAL = 'exec "$0.real" "$@"'
"""Shell: Python itself, with the arguments that it has."""


def derive(project: Project, tag: str, *lines: str) -> str:
    """Build an image from the stack's LiteLLM and these lines of a Dockerfile, run as root; return its reference."""
    return derive_from(project.container("litellm-1").attrs["Config"]["Image"], tag, *lines)


def derive_from(base: str, tag: str, *lines: str) -> str:
    """Build an image from an image of LiteLLM and these lines of a Dockerfile, run as root; return its reference."""
    recipe = [f"FROM {base}", "USER root", *lines, "USER 101:101"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text("\n".join(recipe) + "\n")
        connect().images.build(path=folder, tag=f"{NAME}:{tag}", network_mode="none", rm=True)
    return f"{NAME}:{tag}"


def one_migration_more(table: str) -> str:
    """Return the line of a Dockerfile that adds a migration, which makes a table."""
    sql = f"CREATE TABLE IF NOT EXISTS {table} (id int);"
    return (
        f"RUN for d in $(find / -type d -path '*litellm_proxy_extras/migrations' 2>/dev/null); do"
        f" mkdir $d/{MIGRATION} && echo '{sql}' > $d/{MIGRATION}/migration.sql; done"
    )


def derive_litellm(project: Project, tag: str, *, server: str = REAL, migration: str = REAL) -> str:
    """Build an image that runs these shell commands in LiteLLM's place, as the server or as the schema migration."""
    script = "\\n".join([
        "#!/bin/sh",
        f'case "$1" in */{LOADER.name}) {server} ;; esac',
        f'case "$1 $3" in "-c {MIGRATION_ALONE}") {migration} ;; esac',
        REAL,
    ])  # fmt: skip
    return derive(
        project,
        tag,
        'RUN program=$(command -v python3) && mv "$program" "$program.real" \\',
        f" && printf '%b' '{script}' > \"$program\" && chmod 755 \"$program\"",
    )


@contextmanager
def derived_images() -> Iterator[None]:
    """Remove all derived images at the end."""
    try:
        yield
    finally:
        engine = connect().images
        for tag in [tag for image in engine.list(NAME) for tag in image.tags]:
            engine.remove(tag, force=True)
