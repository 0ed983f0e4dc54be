"""Changes of LiteLLM that would make a request cheaper, as programs that a worker runs as it starts.

Each shows what its change brings; a gateway runs none of them.
"""
