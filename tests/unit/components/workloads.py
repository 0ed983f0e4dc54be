"""A service and a job that set every field, and an engine for arguments that are only described."""

from collections.abc import Sequence
from unittest.mock import Mock

import pulumi

from components.engine.engine import Engine
from components.engine.workload import HealthCheck, Job, Network, Port, Replacement, Service, Volume

NO_ENGINE: Engine = Mock(spec=[])
"""For arguments of components whose services are described and not run."""

NO_RESOURCE: pulumi.Resource = Mock(spec=[])
"""For arguments that others depend on."""

SERVICE = Service(
    name="web-1",
    alias="web",
    image="registry.example:5000/team/web:1.2.3",
    user="101:102",
    networks=(Network.DATA, Network.FRONT),
    memory_mib=300,
    stop_timeout=70,
    cpu_shares=512,
    cpuset="0-1",
    cgroup_parent="/web",
    processes=200,
    entrypoint=("web",),
    command=("--port", "80"),
    environment={"ZONE": "b", "LEVEL": "a"},
    config={"web.conf": "listen 80\n", "also.conf": "quiet\n"},
    secrets={"password": "hush"},
    volumes=(Volume("web-data", "/data"),),
    tmpfs=("/tmp", "/run"),  # noqa: S108
    labels={"web.tier": "front"},
    host_gateway=True,
    health=HealthCheck(
        command=("CMD", "web", "--check"),
        interval=90,
        command_interval=90,
        timeout=7,
        retries=4,
        start_period=3600,
        deadline=100,
    ),
    replacement=Replacement.CREATE_BEFORE_DELETE,
    ports=(Port(internal=80, external=8080, address="127.0.0.1", setting="web.port"),),
)

JOB = Job(
    name="load",
    alias="load",
    image="registry.example:5000/team/web:1.2.3",
    user="101:102",
    networks=(Network.DATA,),
    memory_mib=200,
    stop_timeout=20,
    timeout=7200,
    entrypoint=("load", "--all"),
    environment={"LEVEL": "a"},
    secrets={"password": "hush"},
)


def run_all(engine: Engine, parent: pulumi.Resource, workloads: Sequence[Service | Job]) -> None:
    """Run services and jobs on an engine, one after the other."""
    for workload in workloads:
        if isinstance(workload, Job):
            engine.run_once(workload, parent, failure="it failed")
        else:
            engine.run(workload, parent)
