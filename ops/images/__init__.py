"""Digests and signatures of images."""
