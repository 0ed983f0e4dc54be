"""README.md stays short."""

from benchmarks.comparison.publish.publication import README

MOST_WORDS = 800


def test_readme_has_at_most_800_words_beside_the_benchmark_s_part() -> None:
    assert len(README.with_part("").split()) <= MOST_WORDS
