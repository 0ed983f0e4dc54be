"""What the state backend keeps: the state itself, its lock, and whose parts the engine has."""
