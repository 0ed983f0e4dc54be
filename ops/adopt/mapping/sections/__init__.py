"""What becomes of the sections of a config.yaml."""
