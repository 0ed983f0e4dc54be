"""Pinned versions of what a machine without the vendors' sites builds with."""

GO_MINIMUM = (1, 26)
"""Oldest Go that compiles bootstrap/offline/go (its `go` directive). `requirements.in` pins the one to install."""

DEBIAN = "bookworm"
"""Debian release of the built images."""
