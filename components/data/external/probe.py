"""Runs in LiteLLM's container, with the clients that LiteLLM uses: asks external servers what they are.

It reads the servers from SERVERS and prints what each answered, or why it did not, as JSON. It changes nothing.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg.rows import dict_row
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import RedisClusterException
from redis.retry import Retry
from redis.sentinel import Sentinel

SERVERS = Path("/run/secrets/servers.json")
TIMEOUT_SECONDS = 5
FACTS = """
select current_setting('server_version_num')::int / 10000 as version,
    current_setting('max_connections')::int as max_connections,
    rolconnlimit as role_connections, datconnlimit as database_connections,
    current_setting('TimeZone') as time_zone,
    pg_is_in_recovery() as read_only,
    pg_has_role(datdba, 'USAGE') as owns_database,
    rolcreatedb or rolsuper as creates_databases,
    coalesce((select has_schema_privilege(oid, 'CREATE, USAGE') from pg_namespace where nspname = 'public'), false)
        as creates_tables,
    exists (select from pg_database where datname = 'postgres' and has_database_privilege(oid, 'CONNECT'))
        as reaches_postgres,
    array(
        select other.datname::text from pg_database as other
        where other.datname ~ ('^' || current_database() || '_(scratch|restore|before_restore)_')
            and other.datname !~ '_[0-9]{8}t[0-9]{6}z$'
    ) as similar_databases
from pg_roles, pg_database where rolname = current_user and datname = current_database()
"""


def ask_postgres(server: dict[str, Any]) -> dict[str, Any]:
    """Return what a Postgres says of itself and of the role's rights."""
    # LiteLLM's client sends options as well, which a PgBouncer may refuse.
    with psycopg.connect(
        **server, connect_timeout=TIMEOUT_SECONDS, options="-c TimeZone=UTC", prepare_threshold=None
    ) as connection:
        row = connection.cursor(row_factory=dict_row).execute(FACTS).fetchone()
        return dict(row or {})


def ask_redis(server: dict[str, Any]) -> dict[str, Any]:
    """Return what a Redis says of itself."""
    nodes, cluster, service = server.pop("nodes"), server.pop("cluster"), server.pop("service_name")
    sentinel_password = server.pop("sentinel_password")
    once = {
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    options = {**server, **once}
    client: Any
    if cluster:
        client = RedisCluster(startup_nodes=[ClusterNode(host, port) for host, port in nodes], **options)
    elif service:
        client = Sentinel(nodes, sentinel_kwargs={**options, "password": sentinel_password}).master_for(
            service, **options
        )
    else:
        ((host, port),) = nodes
        client = redis.Redis(host, port, **options)
    client.ping()
    client.eval("return 1", 0)
    info = client.info(target_nodes=client.get_random_node()) if cluster else client.info()
    return {
        name: info.get(name) for name in ("redis_version", "role", "cluster_enabled", "maxmemory_policy", "aof_enabled")
    }


def answer(ask: Callable[[dict[str, Any]], dict[str, Any]], server: dict[str, Any]) -> dict[str, Any]:
    """Return an answer and the milliseconds to it, or why there is none."""
    begin = time.monotonic()
    try:
        return ask(server) | {"milliseconds": (time.monotonic() - begin) * 1000}
    except (psycopg.Error, redis.RedisError, RedisClusterException, OSError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Print all answers."""
    servers = json.loads(SERVERS.read_text())
    found = {name: answer(ask_redis if name == "redis" else ask_postgres, server) for name, server in servers.items()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
