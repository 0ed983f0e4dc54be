"""The image that every pod needs, as an archive."""

import hashlib
import json
import tarfile
from pathlib import Path

from testbed.cluster.images import write_image


def test_archive_holds_one_program_under_the_image_s_name(tmp_path: Path) -> None:
    program = tmp_path / "pause"
    program.write_bytes(b"\x7fELF")
    write_image("localhost/pause:1", program, tmp_path / "pause.tar")
    with tarfile.open(tmp_path / "pause.tar") as archive:
        texts = {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]
    (manifest,) = json.loads(texts["manifest.json"])
    assert manifest["RepoTags"] == ["localhost/pause:1"]
    assert manifest["Config"].removesuffix(".json") == hashlib.sha256(texts[manifest["Config"]]).hexdigest()
    config = json.loads(texts[manifest["Config"]])
    assert config["config"]["Entrypoint"] == ["/program"]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(texts['layer.tar']).hexdigest()}"]
