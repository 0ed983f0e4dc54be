"""Workloads as manifests, as data: what `kubectl apply` would take. One kind a file."""
