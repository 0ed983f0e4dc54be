"""Reads the files of the existing deployment."""
