"""What a cluster has beside a stack: KEDA, and kinds of objects without the programs that read them."""
