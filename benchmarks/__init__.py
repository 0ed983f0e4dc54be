"""Measures on this machine what updates, faults and overload cost: `make faults`."""
