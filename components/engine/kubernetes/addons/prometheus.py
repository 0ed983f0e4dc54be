"""The cluster's own Prometheus, as components see it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from components.engine.kubernetes.addons.monitors import manifests
from components.engine.kubernetes.addons.settings import PrometheusOperatorSettings
from components.engine.kubernetes.manifests.metadata import Manifest, Metadata
from components.engine.metrics import ScrapeJob


class OperatorPrometheus:
    """A Prometheus of the Prometheus operator; see ExternalPrometheus."""

    def __init__(
        self,
        settings: PrometheusOperatorSettings,
        metadata: Metadata,
        namespace: str,
        register: Callable[[str, Manifest, pulumi.Resource], Any],
    ) -> None:
        """Make nothing yet.

        Args:
            settings: how it is reached.
            metadata: what the stack's objects have in common.
            namespace: the stack's.
            register: takes a resource's name, its manifest and its parent.
        """
        self._settings, self._metadata = settings, metadata
        self._namespace, self._register = namespace, register

    @property
    def labels(self) -> Mapping[str, str]:
        """The label that the operator gives every series of a namespace."""
        return {"namespace": self._namespace}

    def watch(
        self, jobs: Sequence[ScrapeJob], rules: Mapping[str, Any], scrape_interval: int, parent: pulumi.Resource
    ) -> None:
        """Create the ServiceMonitors and the PrometheusRule."""
        made = manifests(self._metadata, self._settings, jobs, rules, scrape_interval)
        for name, manifest in made.items():
            self._register(name, manifest, parent)
