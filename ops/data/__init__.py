"""Dumps of the database: make, copy, restore."""
