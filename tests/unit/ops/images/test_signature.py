"""Who may have signed a LiteLLM release, and that no other signature is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from components.images.advisories import Version, version_of
from components.images.catalog import IMAGES
from ops.errors import OperationError
from ops.images.signature import KNOWN, SignatureStatus, Signer, cosign_command, signers, verify

FIRST, SECOND, WORKFLOW = Signer
LITELLM = "ghcr.io/berriai/litellm"
DIGEST = f"sha256:{'ab' * 32}"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((1, 100, 4), (FIRST,)),
        ((1, 101, 5), (FIRST,)),
        ((1, 103, 2), (FIRST,)),
        ((1, 103, 8), (FIRST, SECOND)),
        ((1, 103, 10), (SECOND,)),
        ((1, 103, 12), (SECOND, WORKFLOW)),
        ((1, 106, 0), (FIRST,)),
        ((1, 106, 5), (FIRST, SECOND, WORKFLOW)),
        ((1, 106, 12), (WORKFLOW,)),
        ((1, 107, 1), (FIRST, SECOND, WORKFLOW)),
        ((1, 108, 7), (SECOND,)),
        ((1, 108, 9), (SECOND,)),
        ((1, 108, 10), (WORKFLOW,)),
        ((1, 108, 14), (WORKFLOW,)),
        ((1, 109, 1), (SECOND,)),
        ((1, 110, 2), (SECOND, WORKFLOW)),
        ((1, 111, 0), (WORKFLOW,)),
        ((2, 0, 0), (WORKFLOW,)),
        (None, (FIRST, SECOND, WORKFLOW)),
    ],
)
def test_a_release_is_by_one_of_the_signers_of_its_time(version: Version | None, expected: tuple[Signer, ...]) -> None:
    assert signers(version) == expected


@pytest.mark.parametrize("version", KNOWN)
def test_a_release_that_is_known_has_one_signer(version: Version) -> None:
    assert signers(version) == (KNOWN[version],)


def test_signers_of_a_line_change_in_their_order_alone() -> None:
    order = list(Signer)
    for line in {release[:2] for release in KNOWN}:
        found = [order.index(KNOWN[release]) for release in sorted(KNOWN) if release[:2] == line]
        assert found == sorted(found), line


def test_the_project_s_own_release_is_by_the_vendor_s_workflow() -> None:
    assert signers(version_of(IMAGES["litellm"].official)) == (WORKFLOW,)


def test_cosign_is_asked_for_the_digest_and_never_for_a_tag() -> None:
    image = f"{LITELLM}@{DIGEST}"
    assert cosign_command(WORKFLOW, image) == [
        "cosign", "verify",
        "--certificate-identity",
        "https://github.com/BerriAI/project-releaser/.github/workflows/release.yml@refs/heads/main",
        "--certificate-oidc-issuer", "https://token.actions.githubusercontent.com",
        "--output", "text", image,
    ]  # fmt: skip
    for key, commit in (
        (FIRST, "0112e53046018d726492c814b3644b7d376029d0"),
        (SECOND, "e82a3c646908ba0a6ee0beddc4310d7a6cac4065"),
    ):
        url = f"https://raw.githubusercontent.com/BerriAI/litellm/{commit}/cosign.pub"
        assert cosign_command(key, image) == ["cosign", "verify", "--key", url, "--output", "text", image]


Cosign = Callable[[str], Path]


@pytest.fixture
def cosign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cosign:
    """Put a cosign on PATH that writes down how it is called and then runs a line of shell."""

    def install(line: str) -> Path:
        calls = tmp_path / "calls"
        program = tmp_path / "cosign"
        program.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{line}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return calls

    return install


def test_a_signature_of_the_vendor_is_taken(cosign: Cosign) -> None:
    calls = cosign("exit 0")
    assert verify(f"{LITELLM}:v1.108.14", DIGEST) is SignatureStatus.VERIFIED
    assert calls.read_text() == f"{' '.join(cosign_command(WORKFLOW, f'{LITELLM}@{DIGEST}')[1:])}\n"


def test_a_release_between_two_signers_may_be_by_either(cosign: Cosign) -> None:
    calls = cosign('case "$*" in *e82a3c6*) exit 0;; *) exit 12;; esac')
    assert verify(f"{LITELLM}:v1.103.8", DIGEST) is SignatureStatus.VERIFIED
    assert len(calls.read_text().splitlines()) == 2


def test_an_image_without_the_vendor_s_signature_is_refused(cosign: Cosign) -> None:
    cosign("echo WARNING: of no weight >&2; echo error during command execution: no matching signatures >&2; exit 12")
    with pytest.raises(OperationError) as refused:
        verify(f"{LITELLM}:v1.103.8", DIGEST)
    assert str(refused.value) == (
        f"{LITELLM}:v1.103.8@{DIGEST} must not run: cosign did not find its vendor's signature: no matching signatures"
    )


def test_an_old_signer_s_signature_on_a_newer_release_is_refused(cosign: Cosign) -> None:
    cosign('case "$*" in *--key*) exit 0;; *) exit 12;; esac')
    with pytest.raises(OperationError, match="must not run"):
        verify(f"{LITELLM}:v1.108.14", DIGEST)


@pytest.mark.parametrize(
    "reference",
    ["docker.io/library/redis:7.2.16", "example/litellm:v1.108.14", f"{LITELLM}-elsewhere:v1.108.14", "redis"],
)
def test_images_of_other_vendors_are_not_looked_at(cosign: Cosign, reference: str) -> None:
    cosign("exit 12")
    assert verify(reference, DIGEST) is SignatureStatus.UNSIGNED


def test_an_image_without_a_tag_is_verified_too(cosign: Cosign) -> None:
    cosign("exit 12")
    with pytest.raises(OperationError, match="must not run"):
        verify(LITELLM, DIGEST)


@pytest.mark.parametrize(("version", "status"), [("v2.5.0", SignatureStatus.COSIGN_TOO_OLD), ("v3.0.2", None)])
def test_an_older_cosign_that_finds_no_signature_is_named(
    cosign: Cosign, version: str, status: SignatureStatus | None
) -> None:
    cosign(
        f"""case "$1" in version) echo '{{"gitVersion": "{version}"}}';; """
        "*) echo 'error during command execution: no signatures found' >&2; exit 10;; esac"
    )
    if status:
        assert verify(f"{LITELLM}:v1.108.14", DIGEST) is status
    else:
        with pytest.raises(OperationError, match=r"must not run: .* no signatures found$"):
            verify(f"{LITELLM}:v1.108.14", DIGEST)


def test_an_older_cosign_that_finds_another_s_signature_refuses_the_image(cosign: Cosign) -> None:
    cosign("""echo "none of the expected identities matched what was in the certificate" >&2; exit 1""")
    with pytest.raises(OperationError, match="must not run"):
        verify(f"{LITELLM}:v1.108.14", DIGEST)


def test_a_source_that_does_not_answer_says_nothing_of_the_image(cosign: Cosign) -> None:
    cosign("echo 'error during command execution: getting trusted root: dial tcp: i/o timeout' >&2; exit 1")
    with pytest.raises(OperationError, match="cosign could not verify it; try again: getting trusted root") as caught:
        verify(f"{LITELLM}:v1.108.14", DIGEST)
    assert "must not run" not in str(caught.value)


def test_without_cosign_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert verify(f"{LITELLM}:v1.108.14", DIGEST) is SignatureStatus.UNVERIFIED
