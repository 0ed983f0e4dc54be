"""The gateway that is measured is prod's in one replica, and the kernel's kills are counted."""

import pytest

from benchmarks.admission.gateway import KEYS, WORKERS, configuration, oom_kills
from benchmarks.admission.streams import FULL, MODEL
from components.edge import backends
from components.edge.settings import EdgeSettings
from components.litellm.capacity import requests_of_a_replica
from components.litellm.settings import LiteLLMSettings
from testbed.configuration import read
from testbed.mock_provider import MODELS


def test_the_gateway_has_prods_settings_in_one_replica_of_two_workers() -> None:
    litellm = configuration()["gateway:litellm"]
    assert (litellm["replicas"], litellm["workers"]) == (1, WORKERS)
    assert litellm["memory_mib"] == read("prod")["gateway:litellm"]["memory_mib"]


def test_all_streams_are_of_one_model_which_has_places_for_them_and_no_key_has_more_than_its_share() -> None:
    settings, edge = LiteLLMSettings.model_validate(configuration()["gateway:litellm"]), EdgeSettings()
    places = requests_of_a_replica(settings, metrics=True)
    assert MODEL in MODELS
    assert FULL.streams <= backends.places(edge, places).busy
    assert FULL.streams / KEYS < backends.share(edge, places, 1)


@pytest.mark.parametrize(
    ("events", "kills"),
    [
        ("low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\n", 2),
        ("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", 1),
        ("", 0),
    ],
)
def test_killed_processes_are_counted_in_both_versions_of_cgroups(events: str, kills: int) -> None:
    assert oom_kills(events) == kills
