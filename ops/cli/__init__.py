"""The commands of `python -m ops`, one file each: arguments, options, help text, and one call into a library."""
