"""The hardened gateway's Postgres and Redis, as tests load them."""

import subprocess

from testbed.container import must_run
from testbed.project import Project
from testbed.wait import wait_until


def redis(project: Project, command: str) -> list[str]:
    """Run one command on the stack's Redis. The password goes through a pipe inside the container."""
    line = f"{{ printf 'AUTH '; cat /run/secrets/password; printf '\\n{command}\\n'; }} | redis-cli"
    return must_run(project.container("redis"), "sh", "-c", line).splitlines()[1:]


def hold_table(project: Project, table: str, seconds: float) -> subprocess.Popen[bytes]:
    """Lock a table, so that each statement on it waits; return the process that holds it once it is locked."""
    name = str(project.container("postgres").name)
    lock = f'begin; lock table "{table}" in access exclusive mode; select pg_sleep({seconds});'
    process = subprocess.Popen(
        ["docker", "exec", name, "psql", "-q", "-U", "litellm", "-d", "litellm", "-c", lock],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    held = f"""select count(*) from pg_locks
        where granted and mode = 'AccessExclusiveLock' and relation = '"{table}"'::regclass"""
    wait_until(lambda: project.sql(held) == "1", 10)
    return process
