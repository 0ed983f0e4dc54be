"""What runs a workload."""
