"""LiteLLM's own check of its configuration: a job on the target image, before any replica is touched.

It also imports the stack's own Python. It runs beside the migration and needs no database.
"""

from components.engine.labels import ATTEMPT_LABEL
from components.engine.workload import CONFIG_FOLDER, Job, Service
from components.litellm.environment import entrypoint

NAME = "validation"
MEMORY_MIB = 2048
TIMEOUT_SECONDS = 600
FAILURE = "LiteLLM rejects its configuration; no replica was touched"


def job(replica: Service, config_file: str, *, attempt: int, own_authorities: bool) -> Job:
    """Describe the check of what a replica is about to get: the same image, files and environment."""
    check = ("litellm", "--validate_config", "--config", f"{CONFIG_FOLDER}/{config_file}")
    return Job(
        name=NAME,
        alias=NAME,
        files_name=replica.alias,
        image=replica.image,
        user=replica.user,
        networks=replica.networks,
        memory_mib=MEMORY_MIB,
        entrypoint=entrypoint("timeout", str(TIMEOUT_SECONDS), *check, own_authorities=own_authorities),
        environment=replica.environment,
        config=replica.config,
        programs=replica.programs,
        secrets=replica.secrets,
        labels={ATTEMPT_LABEL: str(attempt)},
        stop_timeout=10,
        host_gateway=replica.host_gateway,
    )
