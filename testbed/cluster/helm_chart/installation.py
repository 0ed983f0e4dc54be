"""A release of the chart on a cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from testbed.cluster.cluster import Cluster
from testbed.cluster.helm_chart import manifests
from testbed.cluster.helm_chart.values import COMPONENT, Values

ROLLOUT_SECONDS = 900


@dataclass(frozen=True)
class Installation:
    """The release with these values."""

    cluster: Cluster
    values: Values

    def install(self) -> None:
        """Migrate the database, then start the pods."""
        self.cluster.apply(manifests.prerequisites(self.values))
        self._wait("wait", "--for=condition=complete", f"job/{self.values.migration}")
        self.upgrade(self.values)

    def upgrade(self, values: Values) -> None:
        """Apply other values, and wait until all pods have them."""
        self.cluster.apply(manifests.release(values))
        self._wait("rollout", "status", f"deployment/{values.fullname}")

    def uninstall(self) -> None:
        """Remove it with its namespace."""
        self.cluster.kubectl("delete", "namespace", self.values.namespace, "--ignore-not-found")

    def pods(self) -> set[str]:
        """Return the names of LiteLLM's pods, also of those that end."""
        labels = ",".join(f"{name}={value}" for name, value in (self.values.selector | COMPONENT).items())
        return set(self._kubectl("get", "pods", "-l", labels, "-o", "name").split())

    def _wait(self, *command: str) -> None:
        """Wait for pods. If they do not come, print what they say."""
        try:
            self._kubectl(*command, f"--timeout={ROLLOUT_SECONDS}s")
        except AssertionError:
            print(self._kubectl("describe", "pods"))
            print(self._kubectl("logs", "-l", f"app.kubernetes.io/instance={self.values.release}", "--tail=50"))
            raise

    def _kubectl(self, *arguments: str) -> str:
        return self.cluster.kubectl("-n", self.values.namespace, *arguments)


@contextmanager
def installed(cluster: Cluster, values: Values) -> Iterator[Installation]:
    """Install a release; it is removed at the end."""
    made = Installation(cluster, values)
    try:
        made.install()
        yield made
    finally:
        made.uninstall()
