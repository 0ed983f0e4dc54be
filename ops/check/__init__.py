"""Check a machine, a stack, and its models."""
