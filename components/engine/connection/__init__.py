"""Which Docker engine is meant, and how it is reached."""
