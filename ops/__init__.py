"""What Pulumi lacks on its own: `python -m ops`."""
