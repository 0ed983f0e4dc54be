"""Dumps of the database: make, copy, list, restore."""
