"""A real Kubernetes of several nodes on one machine, from Go modules and Debian packages alone."""
