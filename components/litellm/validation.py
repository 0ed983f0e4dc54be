"""LiteLLM's own check of its configuration: a job on the target image, before any replica is touched.

It also imports the stack's own Python. It runs beside the migration and needs no database.
"""

from components.engine.labels import ATTEMPT_LABEL
from components.engine.workload import CONFIG_FOLDER, Job, Service
from components.litellm.environment import METRICS_ENVIRONMENT, entrypoint

NAME = "validation"
MEMORY_MIB = 2048
TIMEOUT_SECONDS = 600
PROGRAM = """\
import asyncio, gc, os, sys
del sys.path[0]
gc.disable()
from litellm.proxy.guardrails.guardrail_registry import IN_MEMORY_GUARDRAIL_HANDLER
from litellm.proxy.proxy_server import ProxyConfig
proxy = ProxyConfig()

async def load():
    _, models, _ = await proxy.load_config(router=None, config_file_path=sys.argv[1])
    given = {each["guardrail_name"] for each in proxy.get_config_state().get("guardrails") or ()}
    made = {each["guardrail_name"] for each in IN_MEMORY_GUARDRAIL_HANDLER.IN_MEMORY_GUARDRAILS.values()}
    if missing := sorted(given - made):
        raise ValueError(f"LiteLLM would start without these guardrails, see above: {', '.join(missing)}")
    return models

try:
    models = asyncio.new_event_loop().run_until_complete(load())
except Exception as error:
    print(f"LiteLLM: config validation failed: {error}", file=sys.stderr)
    while error := error.__cause__ or error.__context__:
        print(f"caused by {type(error).__name__}: {error}", file=sys.stderr)
    sys.stderr.flush()
    os._exit(1)
print(f"LiteLLM: config OK ({len(models)} models)", flush=True)
os._exit(0)
"""
"""What `litellm --validate_config` does, but for its end: that waits for tasks such as the connection to an MCP server,
and would fail an update whenever such a server does not answer. A guardrail that LiteLLM cannot make, such as one of an
unknown kind or without its key, it leaves out with a line in its log; here it fails. Garbage is not collected: the
program ends soon, and collecting would take a third of its time. As with LiteLLM's command, Python looks for no module
in the working folder."""
FAILURE = "LiteLLM rejects its configuration; no replica was touched"


def job(replica: Service, config_file: str, *, attempt: int, own_authorities: bool) -> Job:
    """Describe the check of what a replica is about to get: the same image, files and environment."""
    check = ("python3", "-c", PROGRAM, f"{CONFIG_FOLDER}/{config_file}")
    return Job(
        name=NAME,
        alias=NAME,
        files_name=replica.alias,
        image=replica.image,
        user=replica.user,
        networks=replica.networks,
        memory_mib=MEMORY_MIB,
        entrypoint=entrypoint("timeout", str(TIMEOUT_SECONDS), *check, own_authorities=own_authorities),
        # LiteLLM's command makes the metrics' folder; its check alone fails where there is none.
        environment={name: text for name, text in replica.environment.items() if name not in METRICS_ENVIRONMENT},
        config=replica.config,
        programs=replica.programs,
        secrets=replica.secrets,
        labels={ATTEMPT_LABEL: str(attempt)},
        stop_timeout=10,
        timeout=TIMEOUT_SECONDS,
        host_gateway=replica.host_gateway,
    )
