"""Verify with cosign that an image was signed by its vendor."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from enum import Enum

from components.images.advisories import Version, version_of
from components.images.reference import ImageReference
from ops.errors import OperationError

COSIGN_TIMEOUT_SECONDS = 180
"""Time for one verification."""
SIGNED = ("ghcr.io/berriai/litellm", "docker.litellm.ai/berriai/litellm")
"""Repositories whose images are signed with cosign; other vendors do not use it."""
_WORKFLOW = "https://github.com/BerriAI/project-releaser/.github/workflows/release.yml@refs/heads/main"
_KEY = "https://raw.githubusercontent.com/BerriAI/litellm/{}/cosign.pub"


class Signer(Enum):
    """Who signed LiteLLM's images, the oldest first; the value is cosign's arguments."""

    FIRST_KEY = ("--key", _KEY.format("0112e53046018d726492c814b3644b7d376029d0"))
    SECOND_KEY = ("--key", _KEY.format("e82a3c646908ba0a6ee0beddc4310d7a6cac4065"))
    RELEASE_WORKFLOW = (
        *("--certificate-identity", _WORKFLOW),
        *("--certificate-oidc-issuer", "https://token.actions.githubusercontent.com"),
    )  # fmt: skip
    """No key: the certificate names the workflow that made the release."""


MIN_COSIGN = 3
"""The first major version that looks for signatures in the form in which vendors store them since."""
NO_SIGNATURE, NO_MATCH, NO_CERTIFICATE = 10, 12, 13
"""Exit codes of cosign that speak of the image (https://github.com/sigstore/cosign, cmd/cosign/errors)."""
_OF_THE_IMAGE = re.compile("no (matching )?signatures|none of the expected identities matched|invalid signature")
"""Its messages that do, where an older one exits with 1."""


@dataclass(frozen=True)
class Failure:
    """Why one signer's signature was not verified."""

    reason: str
    of_the_image: bool = False
    """Whether the image lacks the signature; else cosign could not find out."""
    none_found: bool = False
    """Whether it found no signature at all."""


KNOWN: dict[Version, Signer] = {
    (1, 83, 0): Signer.FIRST_KEY,
    (1, 100, 5): Signer.FIRST_KEY,
    (1, 101, 5): Signer.FIRST_KEY,
    (1, 103, 7): Signer.FIRST_KEY,
    (1, 103, 9): Signer.SECOND_KEY,
    (1, 103, 11): Signer.SECOND_KEY,
    (1, 104, 5): Signer.FIRST_KEY,
    (1, 104, 8): Signer.SECOND_KEY,
    (1, 104, 9): Signer.SECOND_KEY,
    (1, 105, 5): Signer.SECOND_KEY,
    (1, 106, 2): Signer.FIRST_KEY,
    (1, 106, 11): Signer.RELEASE_WORKFLOW,
    (1, 108, 0): Signer.SECOND_KEY,
    (1, 108, 9): Signer.SECOND_KEY,
    (1, 108, 10): Signer.RELEASE_WORKFLOW,
    (1, 109, 0): Signer.SECOND_KEY,
    (1, 109, 1): Signer.SECOND_KEY,
    (1, 110, 0): Signer.SECOND_KEY,
}
"""Signers named on the pages of these releases (https://github.com/BerriAI/litellm/releases).

Each minor version changed its signer in the order of Signer: a release between two known ones may have any signer
from that of the lower to that of the higher one."""


class SignatureStatus(Enum):
    """What is known of an image's signature."""

    VERIFIED = "signature verified"
    UNSIGNED = "not signed by its vendor"
    UNVERIFIED = "signature not verified"
    """cosign is not installed."""
    COSIGN_TOO_OLD = "signature not verified: cosign 3 or newer is needed"
    """It looks where vendors stored signatures before, and found none there."""


def signers(version: Version | None) -> tuple[Signer, ...]:
    """Return who may have signed a release; anyone if its version is not known."""
    known, every = sorted(KNOWN), tuple(Signer)
    if version is None:
        return every
    if version[:2] > known[-1][:2]:
        return every[-1:]
    line = [release for release in known if release[:2] == version[:2]]
    first = next((KNOWN[release] for release in reversed(line) if release <= version), every[0])
    last = next((KNOWN[release] for release in line if release >= version), every[-1])
    return every[every.index(first) : every.index(last) + 1]


def cosign_command(signer: Signer, image: str) -> list[str]:
    """Return cosign's command for an image with its digest: a tag may name another image when Docker pulls it."""
    return ["cosign", "verify", *signer.value, "--output", "text", image]


def verify(reference: str, digest: str) -> SignatureStatus:
    """Verify the signature of the image that a tag names now.

    Raises:
        OperationError: if none of its possible signers signed it, or cosign could not find out.
    """
    repository = ImageReference.parse(reference).repository
    if repository not in SIGNED:
        return SignatureStatus.UNSIGNED
    if not shutil.which("cosign"):
        return SignatureStatus.UNVERIFIED
    failures = []
    for signer in signers(version_of(reference)):
        failure = _verify(cosign_command(signer, f"{repository}@{digest}"))
        if failure is None:
            return SignatureStatus.VERIFIED
        failures.append(failure)
    if unknown := next((failure for failure in failures if not failure.of_the_image), None):
        raise OperationError(f"{reference}@{digest}: cosign could not verify it; try again: {unknown.reason}")
    if all(failure.none_found for failure in failures) and cosign_version() < MIN_COSIGN:
        return SignatureStatus.COSIGN_TOO_OLD
    raise OperationError(
        f"{reference}@{digest} must not run: cosign did not find its vendor's signature: {failures[-1].reason}"
    )


def cosign_version() -> int:
    """Return cosign's major version; 0 if it does not say."""
    ended = subprocess.run(
        ["cosign", "version", "--json"], capture_output=True, text=True, timeout=COSIGN_TIMEOUT_SECONDS, check=False
    )
    found = re.search(r'"gitVersion":\s*"v?(\d+)\.', ended.stdout)
    return int(found[1]) if found else 0


def _verify(command: list[str]) -> Failure | None:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=COSIGN_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Failure(f"no answer within {COSIGN_TIMEOUT_SECONDS} s")
    if not ended.returncode:
        return None
    lines = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
    said = _OF_THE_IMAGE.search(ended.stderr)
    return Failure(
        lines[-1].removeprefix("error during command execution: "),
        of_the_image=bool(said) or ended.returncode in {NO_SIGNATURE, NO_MATCH, NO_CERTIFICATE},
        none_found=ended.returncode == NO_SIGNATURE or "no signatures found" in ended.stderr,
    )
