"""Limits of LiteLLM, each shown by a program that needs LiteLLM alone."""
