"""LiteLLM's Admin UI in a real browser, through the edge and over TLS."""

import os
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bootstrap.project import ROOT
from bootstrap.steps.browser import find_browser
from testbed.completion import CHAT, question
from testbed.project import Project
from tests.e2e.edge.secure_edge import SecureEdge

SCREENSHOTS = ROOT / ".cache" / "screenshots"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""The browser runs as root in a container, and calls nothing but the gateway."""
KEY_NAME = "made-in-the-admin-ui"

pytestmark = pytest.mark.skipif(bool(os.environ.get("GATEWAY_SKIP_BROWSER")), reason="GATEWAY_SKIP_BROWSER is set")


@pytest.fixture(scope="module")
def page(edge: SecureEdge) -> Iterator[Page]:
    """A page of a browser that trusts the edge's certificate and no other. A screenshot is saved at the end."""
    program = find_browser()
    assert program, "no browser: `make browser` installs one"
    trust = f"--ignore-certificate-errors-spki-list={edge.key_pin}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=[*QUIET, trust])
        page = chromium.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        try:
            yield page
        finally:
            file = SCREENSHOTS / "admin-ui.png"
            page.screenshot(path=file)
            print(f"\nscreenshot: {file}")
            chromium.close()


@pytest.fixture(scope="module")
def made_key(gateway: Project, edge: SecureEdge, page: Page) -> str:
    """A virtual key that was made in the Admin UI."""
    page.goto(f"{edge.url}/ui")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password", exact=True).fill(gateway.output("master_key"))
    page.get_by_role("button", name="Login", exact=True).click()
    page.get_by_text("Create New Virtual Key").click()
    page.get_by_label(re.compile("^Key Name")).fill(KEY_NAME)
    page.get_by_role("button", name="Create Key", exact=True).click()
    shown = page.locator("pre", has_text="sk-")
    expect(shown).to_be_visible(timeout=60_000)
    return shown.inner_text().strip()


def test_a_key_made_in_the_admin_ui_works_and_is_listed(edge: SecureEdge, page: Page, made_key: str) -> None:
    answer = httpx.post(
        edge.url + CHAT,
        headers={"Authorization": f"Bearer {made_key}"}, json=question(), verify=edge.trust(), timeout=60,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"]
    page.goto(f"{edge.url}/ui/api-keys")
    expect(page.get_by_text(KEY_NAME).first).to_be_visible(timeout=60_000)


@pytest.mark.usefixtures("made_key")
def test_the_browser_speaks_http_2_with_the_edge(page: Page) -> None:
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
