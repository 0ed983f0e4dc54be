"""What stands on each side of a comparison, and what it uses."""
