"""Pulumi against Docker Compose."""
