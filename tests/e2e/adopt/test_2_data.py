"""The data of an existing deployment become those of the adopted stack."""

from pathlib import Path

import pytest

from testbed.completion import status
from testbed.project import Project
from tests.e2e.adopt.conftest import STACK
from tests.e2e.adopt.old_deployment import DATABASE_URL, STORED, OldDeployment

MIGRATIONS = "_prisma_migrations"


def rows(gateway: Project) -> dict[str, int]:
    tables = gateway.sql("select tablename from pg_tables where schemaname = 'public' order by 1").splitlines()
    return {table: int(gateway.sql(f'select count(*) from "{table}"')) for table in tables}


def adopt(gateway: Project, old: OldDeployment, folder: Path, *source: str) -> str:
    key = folder / "old-key"
    key.write_text(old.key)
    result = gateway.ops("adopt", STACK, *source, "--prove-key", str(key), "--yes")
    assert result.exit_code == 0, result.output
    shown = result.output[result.output.find("copying the old dump") :]
    print(f"\n{result.seconds:.1f} s\n{shown}")
    assert old.key not in result.output
    return result.output


@pytest.mark.parametrize("form", ["plain", "custom"])
def test_a_dump_brings_every_row_and_an_old_key_works(
    gateway: Project, old: OldDeployment, tmp_path: Path, form: str
) -> None:
    before = old.rows()
    output = adopt(gateway, old, tmp_path, "--dump", str(old.dump(tmp_path / "old.dump", form)))
    found = rows(gateway)
    assert {table: number for table, number in before.items() if table != MIGRATIONS and found[table] < number} == {}
    assert found[MIGRATIONS] > before[MIGRATIONS]
    url = gateway.output("proxy_url")
    assert status(url, old.key, STORED) == 200
    for proof in (
        "knows an old virtual key",
        "given works",
        "serves all 1 stored models",
        f"{STORED} answers",
        "spend is",
    ):
        assert proof in output
    assert old.rows() == before


def test_the_old_server_is_read_where_it_runs(gateway: Project, old: OldDeployment, tmp_path: Path) -> None:
    url = tmp_path / "url"
    url.write_text(f"{DATABASE_URL}?connection_limit=10\n")
    before = old.rows()
    adopt(gateway, old, tmp_path, "--database", str(url))
    assert old.rows() == before
    assert status(gateway.output("proxy_url"), old.key, STORED) == 200


def test_a_dump_under_another_salt_key_changes_nothing(gateway: Project, old: OldDeployment, tmp_path: Path) -> None:
    encrypted = old.sql('select litellm_params from "LiteLLM_ProxyModelTable"')
    kept = 'select token from "LiteLLM_VerificationToken" order by 1'
    before = gateway.sql(kept)
    other = encrypted.replace(encrypted[20:24], "AAAA")
    old.sql(f"""update "LiteLLM_ProxyModelTable" set litellm_params = '{other}'""")
    try:
        dump = old.dump(tmp_path / "old.dump", "custom")
    finally:
        old.sql(f"""update "LiteLLM_ProxyModelTable" set litellm_params = '{encrypted}'""")
    refused = gateway.ops("adopt", STACK, "--dump", str(dump), "--yes")
    assert refused.exit_code == 1
    assert f"the salt key of {STACK} does not decrypt 1 of 2 stored models and credentials" in refused.output
    assert "runs with the database that it had" in refused.output
    assert gateway.sql(kept) == before
    assert gateway.sql("select datname from pg_database where datname like 'litellm_adopt%'") == ""


def test_a_file_that_is_no_dump_is_refused_at_once(gateway: Project, tmp_path: Path) -> None:
    file = tmp_path / "no.dump"
    file.write_text("select 1;\n")
    refused = gateway.ops("adopt", STACK, "--dump", str(file), "--yes")
    assert refused.output.strip() == f"error: {file} is no dump that `pg_dump` made, in plain or custom form"
