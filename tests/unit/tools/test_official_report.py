"""The report on the vendors' images."""

from tools.check_official import secrets_of
from tools.official_report import Step, hide, report

PASSED = Step("pull redis", 12.4, "118 MiB")
BROKEN = Step("up", 200, "litellm-1 failed.\nkey sk-hush | refused", failed=True)


def test_report_says_first_whether_all_passed() -> None:
    assert report([PASSED], {}, ()).splitlines()[0] == "# Vendors' images: everything passed"
    assert report([PASSED, BROKEN], {}, ()).splitlines()[0] == "# Vendors' images: FAILED: up"


def test_each_step_is_a_row() -> None:
    assert "| pull redis | passed | 12 | 118 MiB |" in report([PASSED], {}, ())
    assert "| up | FAILED | 200 | see below |" in report([BROKEN], {}, ())


def test_output_of_a_failed_step_follows_without_secrets() -> None:
    text = report([BROKEN], {}, {"sk-hush"})
    assert "litellm-1 failed.\nkey [secret] | refused\n```" in text
    assert "sk-hush" not in text


def test_facts_are_single_lines() -> None:
    assert "| edge | HAProxy 3.2 built \\| here |" in report([], {"edge": "HAProxy 3.2\nbuilt | here"}, ())


def test_longer_secret_is_hidden_whole() -> None:
    assert hide("postgresql://litellm:ab-cd", {"ab", "ab-cd", ""}) == "postgresql://litellm:[secret]"


def test_secrets_are_the_passwords_of_the_state() -> None:
    kind = "random:index/randomPassword:RandomPassword"
    resources = [
        {"type": kind, "outputs": {"result": {"plaintext": '"sk-master"'}}},
        {"type": kind, "outputs": {"result": "plain"}},
        {"type": "docker:index/network:Network", "outputs": {"name": "data"}},
    ]
    assert secrets_of({"deployment": {"resources": resources}}) == {"sk-master", "plain"}
