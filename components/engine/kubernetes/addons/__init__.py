"""What the stack gives to others on its cluster: an Ingress controller, a Gateway, a Prometheus operator, KEDA."""
