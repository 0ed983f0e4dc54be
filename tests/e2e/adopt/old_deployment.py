"""A LiteLLM with its Postgres, started by plain Docker, that people have used for a while."""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import docker
import httpx
from docker.models.containers import Container

from components.images.source import image_reference, resolve_source
from components.litellm.environment import COMMON_ENVIRONMENT
from testbed.container import must_run
from testbed.engine_lock import remove
from testbed.gateway import new_key
from testbed.wait import wait_until
from tests.e2e.adopt.old_files import MASTER_KEY, SALT_KEY, SECRETS

NAME = "adopt-old"
MODEL, STORED = "old-model", "old-stored-model"
FOLDER = "/tmp"  # noqa: S108 - inside the container
CONFIG = f"""\
model_list:
  - model_name: {MODEL}
    litellm_params:
      {{model: openai/any, mock_response: pong, input_cost_per_token: 1.0e-5, output_cost_per_token: 1.0e-5}}
general_settings: {{master_key: os.environ/LITELLM_MASTER_KEY, store_model_in_db: true, proxy_batch_write_at: 1}}
"""
DATABASE_URL = f"postgresql://llmproxy:{SECRETS['POSTGRES_PASSWORD']}@{NAME}-db:5432/llm"
DATABASE_ENVIRONMENT = {
    "POSTGRES_DB": "llm",
    "POSTGRES_PASSWORD": SECRETS["POSTGRES_PASSWORD"],
    "POSTGRES_USER": "llmproxy",
}
LITELLM_ENVIRONMENT = {
    **COMMON_ENVIRONMENT,
    "DATABASE_URL": DATABASE_URL,
    "LITELLM_MASTER_KEY": MASTER_KEY,
    "LITELLM_SALT_KEY": SALT_KEY,
}
REQUESTS = 7
START_SECONDS = 180.0
OLDER = (
    'drop table "LiteLLM_UserProviderCredentials"',
    'alter table "LiteLLM_CredentialsTable" drop column "display_name"',
    'drop table "LiteLLM_TelemetryReport"',
    'alter table "LiteLLM_AccessGroupTable" drop column "mcp_tool_permissions"',
    'alter table "LiteLLM_AccessGroupTable" drop column "access_skill_names"',
    'alter table "LiteLLM_ManagedObjectTable" drop column "end_user_id"',
    "delete from _prisma_migrations where migration_name >= '20261008120000'",
)
"""Take the last six migrations back, so that the schema is that of an older LiteLLM."""


@dataclass
class OldDeployment:
    """It runs no more when the test gets it; its database does."""

    database: Container
    litellm: Container
    key: str = field(repr=False)
    """A virtual key of a team, which has spent something."""
    user: str = "llmproxy"
    """Of the database."""
    name: str = "llm"
    """Of the database."""

    def sql(self, statement: str) -> str:
        """Return the answer of its database."""
        return must_run(self.database, "psql", "-U", self.user, "-d", self.name, "-Atc", statement).strip()

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        tables = self.sql("select tablename from pg_tables where schemaname = 'public' order by 1").splitlines()
        return {table: int(self.sql(f'select count(*) from "{table}"')) for table in tables}

    def dump(self, file: Path, form: str) -> Path:
        """Dump it with pg_dump; return the file."""
        must_run(self.database, "pg_dump", "-U", self.user, f"--format={form}", f"--file={FOLDER}/dump", self.name)
        pieces, _ = self.database.get_archive(f"{FOLDER}/dump")
        with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
            content = tar.extractfile("dump")
            assert content
            file.write_bytes(content.read())
        return file


@contextmanager
def old_deployment() -> Iterator[OldDeployment]:
    """Make it, use it, stop its LiteLLM. All of it is removed at the end."""
    engine, labels = docker.from_env(), {"gateway.stack": NAME}
    remove(NAME)
    engine.networks.create(NAME, labels=labels)
    try:
        database = engine.containers.run(
            image_reference("postgres", resolve_source()),
            detach=True,
            name=f"{NAME}-db",
            network=NAME,
            labels=labels,
            environment=DATABASE_ENVIRONMENT,
        )
        litellm = engine.containers.create(
            image_reference("litellm", resolve_source()),
            name=f"{NAME}-litellm",
            network=NAME,
            labels=labels,
            entrypoint=["litellm", "--config", f"{FOLDER}/config.yaml", "--port", "4000"],
            ports={"4000": None},
            environment=LITELLM_ENVIRONMENT,
        )
        _put(litellm, "config.yaml", CONFIG)
        deployment = OldDeployment(database, litellm, "")
        wait_until(lambda: database.exec_run(["pg_isready", "-h", "127.0.0.1", "-U", "llmproxy"])[0] == 0, 60)
        litellm.start()
        deployment.key = use(_address(litellm), deployment)
        litellm.stop(timeout=30)
        for statement in OLDER:
            deployment.sql(statement)
        yield deployment
    finally:
        remove(NAME)


def use(url: str, deployment: OldDeployment) -> str:
    """Make a team, keys, a user, a stored model; ask a few times; return one of the keys."""
    headers = {"Authorization": f"Bearer {MASTER_KEY}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        wait_until(lambda: _ready(client), START_SECONDS)
        team = client.post("/team/new", json={"team_alias": "old-team", "max_budget": 100}).raise_for_status().json()
        client.post("/user/new", json={"user_id": "old-user", "user_email": "old@example.org"}).raise_for_status()
        made = client.post("/key/generate", json={"team_id": team["team_id"], "key_alias": "old-key"})
        key = str(made.raise_for_status().json()["key"])
        new_key(client, "another-old-key")
        stored = {"model": "openai/gpt-stored", "api_base": "http://provider:8090/openai/v1", "api_key": "sk-stored"}
        answer = client.post("/model/new", json={"model_name": STORED, "litellm_params": stored})
        answer.raise_for_status()
        client.post(
            "/credentials",
            json={
                "credential_name": "old-credential",
                "credential_info": {},
                "credential_values": {"api_key": "sk-old"},
            },
        ).raise_for_status()
        for _ in range(REQUESTS):
            body = {"model": MODEL, "messages": [{"role": "user", "content": "ping"}]}
            client.post(
                "/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}
            ).raise_for_status()
    logged = 'select count(*) from "LiteLLM_SpendLogs" where spend > 0'
    wait_until(lambda: int(deployment.sql(logged)) == REQUESTS, 90)
    spent = """select spend > 0 from "LiteLLM_VerificationToken" where key_alias = 'old-key'"""
    wait_until(lambda: deployment.sql(spent) == "t", 90)
    return key


def _ready(client: httpx.Client) -> bool:
    try:
        return bool(client.get("/health/readiness").json().get("db") == "connected")
    except (httpx.HTTPError, ValueError):
        return False


def _address(container: Container) -> str:
    wait_until(lambda: _host_port(container), 30)
    return f"http://127.0.0.1:{_host_port(container)}"


def _host_port(container: Container) -> str | None:
    container.reload()
    bound = container.attrs["NetworkSettings"]["Ports"].get("4000/tcp")
    return str(bound[0]["HostPort"]) if bound else None


def _put(container: Container, name: str, text: str) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(text), 0o644
        tar.addfile(entry, io.BytesIO(text.encode()))
    container.put_archive(FOLDER, content.getvalue())
