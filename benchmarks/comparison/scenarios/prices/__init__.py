"""What the gateway and its parts cost, each against the same without it."""
