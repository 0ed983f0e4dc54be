"""What the host's housekeeping removes does not matter."""
