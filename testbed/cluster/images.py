"""Images for the nodes, without a registry: archives that each node imports when it starts."""

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from testbed.cluster.node import PAUSE_IMAGE
from testbed.cluster.programs import BIN


def save(references: Iterable[str], folder: Path) -> None:
    """Write the archives of images, pulled if this machine's Docker engine lacks them, and of the one of every pod."""
    folder.mkdir(parents=True, exist_ok=True)
    write_image(PAUSE_IMAGE, BIN / "pause", folder / "pause.tar")
    wanted = sorted(set(references))
    for reference in wanted:
        if subprocess.run(("docker", "image", "inspect", reference), check=False, capture_output=True).returncode:
            subprocess.run(("docker", "pull", "--quiet", reference), check=True)
    if wanted:
        # One archive: layers that images share are in it once.
        subprocess.run(("docker", "save", "-o", str(folder / "images.tar"), *wanted), check=True)


def write_image(reference: str, program: Path, archive: Path, path: str = "program") -> None:
    """Write the archive of an image that holds one static program, at a path from its root."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        entry = tarfile.TarInfo(path)
        entry.size, entry.mode = program.stat().st_size, 0o755
        with program.open("rb") as file:
            tar.addfile(entry, file)
    digest = hashlib.sha256(layer.getvalue()).hexdigest()
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Entrypoint": [f"/{path}"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        }
    ).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": [reference], "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(archive, "w") as tar:
        for member, content in ((name, config), ("layer.tar", layer.getvalue()), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(member)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
