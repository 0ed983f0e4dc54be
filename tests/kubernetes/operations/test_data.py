"""The database of a stack on a real cluster: dumps, and the way back to one."""

import json
import re
import secrets
from pathlib import Path

import httpx

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import Project
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.pods import sql


def make_key(gateway: Project) -> str:
    """Make a virtual key; return its alias."""
    alias = secrets.token_hex(8)
    answer = httpx.post(
        f"{proxy_url()}/key/generate",
        json={"key_alias": alias},
        headers={"Authorization": f"Bearer {gateway.output('master_key')}"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return alias


def aliases(nodes: Cluster) -> set[str]:
    """Return the aliases of all virtual keys in the database."""
    question = 'select key_alias from "LiteLLM_VerificationToken" where key_alias is not null'
    return set(sql(nodes, question))


def test_dump_is_proved_listed_and_copied_and_brings_the_data_back(
    gateway: Project, nodes: Cluster, tmp_path: Path
) -> None:
    before = make_key(gateway)
    made = gateway.must_ops("backup", "--copy-to", str(tmp_path))
    (name,) = re.findall(r"^(\S+-manual): \d+ bytes, \d+ rows in \d+ tables, restored and counted$", made, re.MULTILINE)
    assert name in gateway.must_ops("backup", "--list")
    assert json.loads((tmp_path / f"{name}.json").read_text())["stack"] == gateway.stack

    after = make_key(gateway)
    assert {before, after} <= aliases(nodes)
    told = gateway.must_ops("restore", name, "--yes")
    assert f"{gateway.stack} has the data of {name}" in told
    assert before in aliases(nodes)
    assert after not in aliases(nodes)


def test_dump_from_elsewhere_is_restored(gateway: Project, nodes: Cluster, tmp_path: Path) -> None:
    made = gateway.must_ops("backup", "--copy-to", str(tmp_path))
    (name,) = re.findall(r"^(\S+-manual): ", made, re.MULTILINE)
    pod = ("-n", NAMESPACE, "exec", "backup-0", "--", "sh", "-c")
    nodes.kubectl(*pod, f"rm /var/lib/postgresql/data/{name}.*")
    later = make_key(gateway)
    gateway.must_ops("restore", str(tmp_path / f"{name}.dump"), "--yes")
    assert later not in aliases(nodes)
    assert name in gateway.must_ops("backup", "--list")
