"""All other sections of config.yaml."""
