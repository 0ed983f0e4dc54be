"""Image digests and signatures."""
