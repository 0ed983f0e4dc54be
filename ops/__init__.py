"""The command line `python -m ops`: what Pulumi alone does not do."""
