"""Pinned versions of Pulumi. requirements.in pins the same ones for Python; a test compares them."""

PULUMI = "3.259.0"
"""Pulumi CLI and Go SDK; bootstrap/offline/go/go.mod requires the same."""

KUBERNETES_PLUGIN = "4.25.0"
"""Pulumi's kubernetes plugin, for `bootstrap/run --kubernetes`; requirements-kubernetes.in pins the same."""

PLUGINS: dict[str, str] = {"docker": "5.2.0", "random": "4.21.4"}
"""Resource plugins by Pulumi's name, at the version that their Python packages ask for."""
