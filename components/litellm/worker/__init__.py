"""What runs inside a LiteLLM container beside LiteLLM."""
