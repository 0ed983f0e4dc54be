"""Decides where each key of the old files goes."""
