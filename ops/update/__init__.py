"""Change a stack: preview, update, remove, rotate."""
