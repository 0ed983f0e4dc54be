"""ACME: the edge's certificate, issued and renewed by Certbot in a container of its own."""
