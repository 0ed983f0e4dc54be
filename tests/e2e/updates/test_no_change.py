"""Without a change in its files a stack does not change."""

from statistics import median

from testbed.project import Project

PREVIEW_SECONDS = 5.0
"""For a preview without a change on two processors with nothing else to do."""
BUSY = 3
"""How many times slower this machine may be: tests run beside a gateway, and CI beside others."""


def test_a_preview_without_a_change_is_empty_and_quick(gateway: Project) -> None:
    seconds = [gateway.expect_no_changes().seconds for _ in range(3)]
    print(
        f"\npreviews without a change: {', '.join(f'{each:.1f} s' for each in seconds)} (goal {PREVIEW_SECONDS:.0f} s)"
    )
    assert median(seconds) < BUSY * PREVIEW_SECONDS


def test_an_update_without_a_change_changes_nothing(gateway: Project) -> None:
    before = {container.id for container in gateway.containers()}
    gateway.must("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert {container.id for container in gateway.containers()} == before


def test_the_engine_holds_what_the_state_says(gateway: Project) -> None:
    gateway.must("refresh", "--preview-only", "--expect-no-changes")
