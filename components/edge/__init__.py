"""The edge: HAProxy in front of the replicas."""
