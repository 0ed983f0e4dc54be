"""The programs. Each runs in LiteLLM's container, or wherever LiteLLM is installed: `python3 model_lookup.py`."""
