"""What becomes of the keys of a docker-compose.yml."""
