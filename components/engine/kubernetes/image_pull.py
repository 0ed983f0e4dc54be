"""The pull of an image before anything that needs it: a job that does nothing else.

A missing image, or a registry that refuses, is known after the time of a pull. Otherwise it would be after that of the
first job, such as a migration.
"""

from components.engine.workload import Job
from components.images.reference import ImageReference

USER = "65534:65534"
MEMORY_MIB = 64
COMMAND = "/bin/true"
FAILURE = "the image {} could not be pulled, or does not start; nothing that uses it was touched"


def pull_job(reference: str) -> Job:
    """Describe the job that pulls an image on one node."""
    name = f"{ImageReference.parse(reference).name.replace('_', '-')}-image"
    return Job(
        name=name,
        alias=name,
        image=reference,
        user=USER,
        networks=(),
        memory_mib=MEMORY_MIB,
        entrypoint=(COMMAND,),
        tmpfs=(),
        stop_timeout=1,
        timeout=0,
    )
