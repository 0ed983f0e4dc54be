"""The machine's own apt sources of one Debian release: the base image takes its updates from them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

APT = Path("/etc/apt")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True, order=True)
class PackageSource:
    """One suite of one package archive."""

    address: str
    suite: str

    def __str__(self) -> str:
        return f"Types: deb\nURIs: {self.address}\nSuites: {self.suite}\nComponents: main\nSigned-By: {KEYRING}\n"


def read_sources(release: str, apt: Path = APT) -> list[PackageSource]:
    """Return the machine's sources of a Debian release and its updates; empty where it runs another release."""
    suites = {release, f"{release}-updates", f"{release}-security"}
    files = [apt / "sources.list", *sorted(apt.glob("sources.list.d/*"))]
    found: set[PackageSource] = set()
    for file in files:
        if file.suffix == ".sources":
            found |= set(parse_deb822(file.read_text()))
        elif file.suffix == ".list" and file.is_file():
            found |= set(parse_one_line(file.read_text()))
    return sorted(source for source in found if source.suite in suites)


def parse_deb822(text: str) -> Iterable[PackageSource]:
    """Yield the sources of a .sources file that Debian's own key signs and that hold the component main."""
    for stanza in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", text)):
        fields = {key.lower(): value.split() for key, value in re.findall(r"(?m)^([\w-]+):[ \t]*(.*)$", stanza)}
        signed = fields.get("signed-by", [KEYRING])
        if "deb" in fields.get("types", []) and "main" in fields.get("components", []) and signed == [KEYRING]:
            yield from (
                PackageSource(uri, suite) for uri in fields.get("uris", []) for suite in fields.get("suites", [])
            )


def parse_one_line(text: str) -> Iterable[PackageSource]:
    """Yield the sources of a .list file that have no options and that hold the component main."""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if len(words) >= 4 and words[0] == "deb" and not words[1].startswith("[") and "main" in words[3:]:
            yield PackageSource(words[1], words[2])
