"""Where LiteLLM's processor time goes."""
