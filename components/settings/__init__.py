"""The ground: what every group of settings shares. Imports nothing of the project."""
