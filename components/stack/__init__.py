"""The roof: one stack's settings, its parts, and the checks across parts."""
