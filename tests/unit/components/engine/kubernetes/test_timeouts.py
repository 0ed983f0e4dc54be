"""How long Pulumi waits."""

from dataclasses import replace

import pytest

from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.kubernetes.timeouts import custom_timeouts, of_job, of_service
from tests.unit.components.workloads import JOB, SERVICE

SETTINGS = KubernetesSettings(context="test", image_pull_timeout=60)


@pytest.mark.parametrize(
    ("replicas", "max_surge", "waves"), [(1, None, 1), (4, None, 1), (4, 1, 4), (5, 2, 3), (1, 3, 1)]
)
def test_replicas_that_start_together_are_waited_for_once(replicas: int, max_surge: int | None, waves: int) -> None:
    settings = SETTINGS.model_copy(update={"max_surge": max_surge})
    # An image in 60, the service's own deadline of 100, and 30 until its name is known.
    assert of_service(SERVICE, settings, replicas=replicas, min_ready_seconds=30) == waves * (60 + 100 + 30) + 30


def test_job_is_waited_for_as_long_as_it_may_run() -> None:
    assert of_job(replace(JOB, timeout=900), SETTINGS) == 60 + 900 + 30


def test_limits_are_given_for_each_operation() -> None:
    found = custom_timeouts(220, 70)
    assert (found.create, found.update, found.delete) == ("220s", "220s", "370s")
