"""What `make bench` compares, by family."""
