"""LiteLLM: its replicas, their configuration and the schema migration."""
