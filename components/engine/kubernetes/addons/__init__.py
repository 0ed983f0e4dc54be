"""What the stack gives to others on its cluster: an Ingress controller, a Gateway, the Prometheus operator."""
