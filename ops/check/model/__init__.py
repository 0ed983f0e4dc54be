"""Each model of a gateway, asked once: its deployments, the request, and what the response means."""
