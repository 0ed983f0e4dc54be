"""Services and jobs on a Kubernetes cluster, for the stacks that choose it."""
