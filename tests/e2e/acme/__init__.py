"""Certificates by ACME, from a real ACME server."""
