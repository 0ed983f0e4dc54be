"""The profile's page has each share and what it is in milliseconds."""

from benchmarks.profile.report import Profile, markdown

PROFILE = Profile(
    name="Completions",
    unit="a request",
    milliseconds=24,
    engine=4,
    samples=1500,
    purposes={"router": 0.25},
    functions={"Router.acompletion (litellm/router.py)": 0.5},
)


def test_page_has_shares_and_milliseconds() -> None:
    text = markdown([PROFILE], {"machine": "2 processors"})
    assert "- machine: 2 processors" in text
    engines = "4 of them in Prisma's query engines; 1,500 samples of the rest."
    assert f"24 ms of LiteLLM's processor time for a request, {engines}" in text
    assert "| router | 25.0 % | 5 |" in text
    assert "| `Router.acompletion (litellm/router.py)` | 50.0 % | 10 |" in text
