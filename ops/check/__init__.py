"""Checks of a machine, a stack and its models."""
