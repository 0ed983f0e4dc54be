"""How the sources of Pulumi's kubernetes plugin are put together."""

import os
import subprocess
from pathlib import Path

from bootstrap.offline.kubernetes_build import PREPARE

GO = """\
#!/bin/sh
# Like Go with an empty cache of modules: only a download says where the sources are.
[ "$1 $2" != "mod download" ] || printf '{\\n\\t"Dir": "%s"\\n}\\n' "$MODULE"
"""


def test_sources_are_downloaded_before_they_are_looked_for(tmp_path: Path) -> None:
    build, go, module, source = (tmp_path / name for name in ("build", "go", "module", "source"))
    go.write_text(GO)
    go.chmod(0o755)
    (module / "go" / "kubernetes" / "yaml" / "v2").mkdir(parents=True)
    (module / "cmd" / "pulumi-resource-kubernetes").mkdir(parents=True)
    for name in ("schema", "terraform-mapping"):
        (module / "cmd" / "pulumi-resource-kubernetes" / f"{name}.json").write_text(name)
    (source / "kinds").mkdir(parents=True)
    (source / "kinds" / "kinds.go").write_text("package v2")
    places = {"BUILD": str(build), "GO": str(go), "MODULE": str(module), "SOURCE": str(source)}
    subprocess.run(("sh", "-c", PREPARE), env={**os.environ, **places}, check=True)
    assert (build / "schema.json").read_text() == "schema"
    assert (build / "sdk" / "go" / "kubernetes" / "yaml" / "v2" / "kinds.go").read_text() == "package v2"
