"""What tests and benchmarks share: a copy of the project with a stack of its own, and what talks to it."""
