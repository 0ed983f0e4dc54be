"""Prometheus, its exporters and rules, and Grafana."""
