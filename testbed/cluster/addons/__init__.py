"""What stands beside a stack on its cluster: KEDA, Traefik and the Prometheus operator."""
