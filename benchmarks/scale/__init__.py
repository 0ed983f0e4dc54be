"""What a stack carries on paper, from the costs that `make sizing` measured, and which part of it is full first."""
