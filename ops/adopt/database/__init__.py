"""Brings the data of an existing deployment into a stack's database."""
