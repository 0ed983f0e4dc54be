"""PodDisruptionBudgets: how many replicas a drain of nodes may take at a time."""

from components.engine.kubernetes.manifests.metadata import Manifest, Metadata


def disruption_budget(metadata: Metadata, workload: str) -> Manifest:
    """Return the budget of a replicated service: one at a time. A pod that is not ready may always go."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata.of(workload, name=workload),
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": metadata.labels(workload)},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
