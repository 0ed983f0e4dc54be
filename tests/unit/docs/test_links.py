"""A link of a page leads to a file, and to a heading that it has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
PAGES = sorted(
    [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "benchmarks" / "report").glob("*.md")]
)
LINK = re.compile(r"\]\((?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")


def text_of(page: Path) -> str:
    """Return the page without what stands between backticks."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the names of the page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the file and the heading of each link into the project."""
    for found in LINK.finditer(text_of(page)):
        if "://" not in found["file"] and not found["file"].startswith("mailto:"):
            yield found["file"], found["heading"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_each_link_leads_somewhere(page: Path) -> None:
    for file, heading in links(page):
        target = page.parent / file if file else page
        assert target.exists(), file
        assert heading is None or target.suffix != ".md" or heading in anchors(target), f"{file}#{heading}"


def test_links_are_found() -> None:
    assert len(PAGES) > 40
    assert sum(len(list(links(page))) for page in PAGES) > 100
