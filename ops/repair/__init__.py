"""Find what differs from the state, and repair it."""
