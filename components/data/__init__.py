"""Where state lives: Postgres, Redis and the backups."""
