"""The base image takes updates from the machine's own Debian sources, and from no third party's."""

from pathlib import Path

from bootstrap.offline.package_sources import PackageSource, parse_one_line, read_sources

DEB822 = """\
Types: deb
# a snapshot for the record
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main contrib
"""
THIRD_PARTY = """\
Types: deb
URIs: https://download.docker.com/linux/debian
Suites: bookworm
Components: stable
Signed-By: /etc/apt/keyrings/docker.asc

Types: deb
URIs: https://main.example
Suites: bookworm
Components: main
Signed-By: /etc/apt/keyrings/other.asc
"""
ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb http://mirror.example/debian bookworm main contrib  # the mirror
deb-src http://mirror.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/other.gpg] https://other.example bookworm main
deb https://packages.example/apt cloud-sdk-bookworm main
"""


def apt(folder: Path, **files: str) -> Path:
    (folder / "sources.list.d").mkdir()
    for name, text in files.items():
        (folder / "sources.list.d" / name.replace("_", ".")).write_text(text)
    return folder


def test_sources_include_updates_and_security(tmp_path: Path) -> None:
    assert read_sources("bookworm", apt(tmp_path, debian_sources=DEB822)) == [
        PackageSource("http://mirror.example/debian", "bookworm"),
        PackageSource("http://mirror.example/debian", "bookworm-updates"),
        PackageSource("http://mirror.example/debian-security", "bookworm-security"),
    ]


def test_third_parties_are_left_out(tmp_path: Path) -> None:
    found = read_sources("bookworm", apt(tmp_path, docker_sources=THIRD_PARTY, mixed_list=ONE_LINE))
    assert found == [PackageSource("http://mirror.example/debian", "bookworm")]


def test_sources_with_another_key_are_left_out() -> None:
    assert [source.address for source in parse_one_line(ONE_LINE)] == [
        "http://mirror.example/debian",
        "https://packages.example/apt",
    ]


def test_other_release_has_no_sources(tmp_path: Path) -> None:
    assert read_sources("bookworm", apt(tmp_path, debian_sources=DEB822.replace("bookworm", "trixie"))) == []


def test_machine_without_apt_has_no_sources(tmp_path: Path) -> None:
    assert read_sources("bookworm", tmp_path) == []


def test_written_source_reads_back_the_same(tmp_path: Path) -> None:
    source = PackageSource("http://mirror.example/debian", "bookworm")
    assert read_sources("bookworm", apt(tmp_path, machine_sources=str(source))) == [source]
