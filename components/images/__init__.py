"""Which container images run, where they come from, and which are refused."""
