"""The program that runs in Certbot's container."""
