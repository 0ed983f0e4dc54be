"""docker-compose.yml."""
