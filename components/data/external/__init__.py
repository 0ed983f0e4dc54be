"""A Postgres and a Redis that somebody else runs: their settings, and what is checked of them."""
