"""Two states of one stack, a state that is cut off, and a state that is lost."""
