"""One stack seen from outside: its file, its state backend, its git commit, its gateway."""
