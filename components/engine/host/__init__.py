"""What the engine and its machine must offer before a stack is created, one kind of refusal a file."""
