"""The gateway that is measured: prod's settings in one replica, with the mock provider, and keys of many callers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from docker.models.containers import Container

from benchmarks.comparison.sides.gateways import configuration as one_replica
from benchmarks.comparison.sides.gateways import gateway_of
from components.edge.haproxy import HEALTH_PORT, READINESS_PATH
from components.engine.labels import WORKLOAD_LABEL
from components.litellm.component import PORT
from testbed.container import address, run
from testbed.gateway import admin, new_key
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until

STACK = "admission"
WORKERS = 2
KEYS = 50
MOCK_PROVIDER_MIB = 4096
"""It holds several large bodies at once, and must not be what fails."""
MODEL, QUIET_MODEL = "ministral-3-8b-cloud", "gpt-oss-20b-cloud"
"""The model that many ask for, and the one of the others."""
OOM_KILLS = "cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null"
"""The kernel's counts of a container's killed processes, of cgroups 2 and 1."""
NOT_COUNTED = "provider"
"""May be killed: it stands in for somebody else's service."""
READY_SECONDS = 60


def configuration() -> dict[str, Any]:
    """Return prod's configuration in one replica of two workers."""
    config = one_replica("prod")
    return config | {
        "gateway:litellm": config["gateway:litellm"] | {"workers": WORKERS},
        "gateway:mock_provider": {"enabled": True, "memory_mib": MOCK_PROVIDER_MIB},
    }


@dataclass(frozen=True)
class AdmissionGateway:
    """A running gateway."""

    project: Project
    url: str
    health_url: str
    keys: Sequence[str]
    """Of many callers: none of them holds more than its share of the places."""
    other_key: str
    """Of those who ask beside them."""

    @property
    def replica(self) -> Container:
        """The replica."""
        return self.project.container("litellm-1")

    @property
    def direct_health_url(self) -> str:
        """The same for probes: what they meet that come from another machine."""
        return f"http://{address(self.project, self.project.container('ingress'))}:{HEALTH_PORT}{READINESS_PATH}"

    @property
    def replica_url(self) -> str:
        """Where the replica is reached without the edge."""
        return f"http://{address(self.project, self.replica)}:{PORT}"

    @property
    def description(self) -> str:
        """The replica in a few words."""
        settings = self.project.config["gateway:litellm"]
        return f"prod's settings: one replica of {WORKERS} workers, {settings['memory_mib']} MiB"

    def provider(self, **control: Any) -> None:
        """Set how the mock provider answers, and reset its counts."""
        with MockProvider(self.project) as mock:
            mock.set(**control)

    def hang(self) -> None:
        """Make the provider of MODEL hang; the other models answer at once."""
        with MockProvider(self.project) as mock:
            mock.fail({MODEL: "hang"})

    def hanging_calls(self) -> int:
        """Return how many calls have hung at the provider since `hang`."""
        with MockProvider(self.project) as mock:
            return mock.requests(MODEL, "hang")

    def provider_restarts(self) -> None:
        """Restart the mock provider, which ends all calls that hang; return when it answers as at its start."""
        self.project.container("provider").restart(timeout=1)
        wait_until(self._provider_answers, READY_SECONDS)
        self.provider()

    def _provider_answers(self) -> bool:
        try:
            with MockProvider(self.project) as mock:
                return mock.client.get("/health").is_success
        except httpx.TransportError:
            return False

    def kills(self) -> int:
        """Return how often a container of the gateway was restarted, or a process in it killed for its memory."""
        found = 0
        for container in self.project.containers():
            if container.status == "running" and container.labels.get(WORKLOAD_LABEL, NOT_COUNTED) != NOT_COUNTED:
                container.reload()
                found += int(container.attrs["RestartCount"]) + int(container.attrs["State"]["OOMKilled"])
                found += oom_kills(run(container, "sh", "-c", OOM_KILLS)[1])
        return found


def oom_kills(events: str) -> int:
    """Return the count in a cgroup's statistics."""
    rows = (line.split() for line in events.splitlines())
    return sum(int(row[1]) for row in rows if len(row) == 2 and row[0] == "oom_kill")


@contextmanager
def started() -> Iterator[AdmissionGateway]:
    """Start the gateway. It is removed at the end, whatever became of it."""
    with gateway_of(STACK, configuration()) as project:
        with admin(project) as proxy:
            keys = [new_key(proxy, f"caller-{number}") for number in range(KEYS)]
            other_key = new_key(proxy, "other")
        yield AdmissionGateway(project, project.output("proxy_url"), project.output("health_url"), keys, other_key)
