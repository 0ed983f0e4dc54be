"""A program with two containers: one never becomes healthy, the other one later than that is given up."""

import os

import pulumi_docker as docker


def container(name: str, healthy: str, seconds: int) -> docker.Container:
    """Return a container that is waited for."""
    return docker.Container(
        name,
        image=os.environ["WAITS_IMAGE"],
        entrypoints=["sleep", "60"],
        healthcheck={"tests": ["CMD-SHELL", healthy], "interval": "1s", "retries": 60},
        wait=True,
        wait_timeout=seconds,
        must_run=True,
        destroy_grace_seconds=0,
    )


container("never-healthy", "false", 3)
container("later-healthy", "test -e /tmp/asked || { touch /tmp/asked; sleep 10; }", 30)
