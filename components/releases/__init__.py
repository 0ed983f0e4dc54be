"""What each supported LiteLLM release knows: its providers, and the names and types of its configuration."""
