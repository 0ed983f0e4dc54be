"""What a gateway takes on at the same time, and what that costs those who ask beside it: `make admission`."""
