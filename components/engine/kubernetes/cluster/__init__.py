"""What the program asks of a cluster by itself, before and beside Pulumi."""
