"""Measures what the gateway promises, on this machine: `make faults`."""
