"""Whether an image was signed by its vendor: by whom which LiteLLM release is, and cosign's word for it."""

import shutil
import subprocess
from enum import Enum

from components.images.advisories import Version, version_of
from ops.errors import Failure

PATIENCE = 180
"""Seconds for one verification."""
SIGNED = ("ghcr.io/berriai/litellm", "docker.litellm.ai/berriai/litellm")
"""Repositories whose images are signed. Those of the other vendors are not, or not by cosign."""
_WORKFLOW = "https://github.com/BerriAI/project-releaser/.github/workflows/release.yml@refs/heads/main"
_KEY = "https://raw.githubusercontent.com/BerriAI/litellm/{}/cosign.pub"


class Signer(Enum):
    """What LiteLLM's images are signed with, oldest first; each value is what cosign is told of it."""

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
"""What the pages of these releases name (https://github.com/BerriAI/litellm/releases). Signers changed with time, so in
each line apart: a release between two known ones is by one of the signers from the one's to the other's."""


class Verdict(Enum):
    """What is known of an image's signature."""

    VERIFIED = "signature verified"
    UNSIGNED = "not signed by its vendor"
    UNVERIFIED = "signature not verified"
    """cosign is not installed."""


def signers(version: Version | None) -> tuple[Signer, ...]:
    """Give who may have signed a release; a version that is not known may be by any."""
    known, every = sorted(KNOWN), tuple(Signer)
    if version is None:
        return every
    if version[:2] > known[-1][:2]:
        return every[-1:]
    line = [release for release in known if release[:2] == version[:2]]
    first = next((KNOWN[release] for release in reversed(line) if release <= version), every[0])
    last = next((KNOWN[release] for release in line if release >= version), every[-1])
    return every[every.index(first) : every.index(last) + 1]


def command(signer: Signer, image: str) -> list[str]:
    """Give cosign's command for an image named by its digest: a tag could mean another one by the time it runs."""
    return ["cosign", "verify", *signer.value, "--output", "text", image]


def verify(reference: str, digest: str) -> Verdict:
    """Verify the image that a tag names now.

    Raises:
        Failure: when none of the signers that it can have signed it.
    """
    repository = reference if ":" not in reference.rsplit("/", 1)[-1] else reference.rpartition(":")[0]
    if repository not in SIGNED:
        return Verdict.UNSIGNED
    if not shutil.which("cosign"):
        return Verdict.UNVERIFIED
    reason = ""
    for signer in signers(version_of(reference)):
        try:
            subprocess.run(
                command(signer, f"{repository}@{digest}"), capture_output=True, text=True, timeout=PATIENCE, check=True
            )
        except subprocess.CalledProcessError as error:
            reason = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
        except subprocess.TimeoutExpired:
            reason = f"no answer within {PATIENCE} s"
        else:
            return Verdict.VERIFIED
    reason = reason.removeprefix("error during command execution: ")
    raise Failure(f"{reference}@{digest} must not run: cosign did not find its vendor's signature: {reason}")
