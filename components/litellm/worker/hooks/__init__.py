"""What each of LiteLLM's workers runs before it serves: `LITELLM_WORKER_STARTUP_HOOKS`."""
