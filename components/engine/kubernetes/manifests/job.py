"""Jobs: workloads that end."""

from components.engine.kubernetes.manifests.metadata import Manifest
from components.engine.kubernetes.manifests.pod import Files, Pods, pod
from components.engine.workload import Job


def job_manifest(pods: Pods, job: Job, files: Files, *, deadline: int) -> Manifest:
    """Return the Job of a job: one attempt, which must not begin after Pulumi has given up.

    It has no `ttlSecondsAfterFinished`: its log explains a failure, and a refresh would run a job again that is gone.

    Args:
        pods: what all pods have in common.
        job: the job.
        files: its files.
        deadline: seconds that Pulumi waits for its end.
    """
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": pods.metadata.of(job.name, annotations=job.labels),
        "spec": {
            "backoffLimit": 0,
            "completions": 1,
            "parallelism": 1,
            "activeDeadlineSeconds": deadline,
            "template": pod(pods, job, files),
        },
    }
