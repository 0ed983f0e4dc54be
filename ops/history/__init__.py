"""The versions of a stack, and the way back to an earlier one."""
