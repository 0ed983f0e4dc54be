"""What `make bench` compares, a file each."""
