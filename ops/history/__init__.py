"""What a stack was, and the way back."""
