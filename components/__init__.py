"""The gateway's parts: each with its settings, its workload as data, and its Pulumi component."""
