"""Change a stack: preview, deploy, rotate the master key, remove."""
