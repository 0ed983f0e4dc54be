"""Services and jobs on one Docker engine."""
