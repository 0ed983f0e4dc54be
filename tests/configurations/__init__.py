"""Configurations in the manner of LiteLLM's documentation: each is accepted, rendered and validated by LiteLLM."""
