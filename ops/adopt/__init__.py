"""Bring an existing deployment of LiteLLM into a stack: its files, its keys, its data."""
