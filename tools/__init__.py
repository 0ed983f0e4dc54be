"""Tools for developers of this project: they write generated text into its documents."""
