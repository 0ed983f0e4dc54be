"""`make bench`: two sides measured in turn, with an interval for each figure."""
