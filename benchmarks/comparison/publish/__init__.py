"""The report: bench.json, bench.md, the plots, and the README's part."""
