"""A server that speaks like the paid model providers, for development and tests."""
