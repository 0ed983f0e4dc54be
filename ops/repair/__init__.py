"""Find what differs from Pulumi's state, and repair it."""
