"""README.md stays short."""

from ops.stack.project import PROJECT

MOST_WORDS = 800


def test_readme_has_at_most_800_words() -> None:
    assert len((PROJECT / "README.md").read_text().split()) <= MOST_WORDS
