"""The checks that no part can make alone: images against the stack's policy, and sizes against each other."""
