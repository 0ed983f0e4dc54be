"""`make sizing`: what a request, a chunk, a connection and a body cost."""
