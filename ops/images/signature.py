"""Verify with cosign that an image was signed by its vendor."""

import shutil
import subprocess
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
        OperationError: if none of its possible signers signed it.
    """
    repository = ImageReference.parse(reference).repository
    if repository not in SIGNED:
        return SignatureStatus.UNSIGNED
    if not shutil.which("cosign"):
        return SignatureStatus.UNVERIFIED
    reason = ""
    for signer in signers(version_of(reference)):
        try:
            arguments = cosign_command(signer, f"{repository}@{digest}")
            subprocess.run(arguments, capture_output=True, text=True, timeout=COSIGN_TIMEOUT_SECONDS, check=True)
        except subprocess.CalledProcessError as error:
            reason = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
        except subprocess.TimeoutExpired:
            reason = f"no answer within {COSIGN_TIMEOUT_SECONDS} s"
        else:
            return SignatureStatus.VERIFIED
    reason = reason.removeprefix("error during command execution: ")
    raise OperationError(f"{reference}@{digest} must not run: cosign did not find its vendor's signature: {reason}")
