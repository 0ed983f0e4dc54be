"""Steps as data, and how they run: each with a log of its own, in two parallel lanes."""
