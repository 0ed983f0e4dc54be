"""A small workload that sets every field an engine renders."""

from components.engine.workload import HealthCheck, Network, Port, Replacement, Volume, Workload

WORKLOAD = Workload(
    name="web-1",
    alias="web",
    image="registry.example:5000/team/web:1.2.3",
    user="101:102",
    networks=(Network.DATA, Network.FRONT),
    memory=300,
    health=HealthCheck(
        command=("CMD", "web", "--check"), interval=90, timeout=7, retries=4, start_period=3600, deadline=100
    ),
    stop_seconds=70,
    replacement=Replacement.CREATE_BEFORE_DELETE,
    cpu_shares=512,
    cpu_set="0-1",
    cgroup_parent="/web",
    processes=200,
    entrypoint=("web",),
    command=("--port", "80"),
    environment={"ZONE": "b", "LEVEL": "a"},
    config={"web.conf": "listen 80\n", "also.conf": "quiet\n"},
    secrets={"password": "hush"},
    volumes=(Volume("web-data", "/data"),),
    tmpfs=("/tmp", "/run"),  # noqa: S108
    ports=(Port(internal=80, external=8080, address="127.0.0.1", setting="web_port"),),
    host_gateway=True,
)
