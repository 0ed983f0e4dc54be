"""The table of differences."""

from rich.console import Console

from ops.repair.drift_table import Drift, drift_table


def test_a_difference_is_shown_letter_by_letter() -> None:
    console = Console(width=120, record=True)
    console.print(drift_table([Drift("[litellm]", "env [A]", "[/v1/key]", ":bug:")]))
    text = console.export_text()
    for word in ("[litellm]", "env [A]", "[/v1/key]", ":bug:"):
        assert word in text
