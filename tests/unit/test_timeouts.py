"""The chain of timeouts of every stack: each outlasts the one before."""

import re
from itertools import pairwise

from components.litellm.worker.start import DRAIN_SECONDS
from components.stack.parts import job_names
from tests.unit.program import IMAGE, Program


def edge_times(program: Program) -> dict[str, int]:
    """Return the times in haproxy.cfg, in seconds."""
    text = program.files("edge-config")["/etc/gateway/haproxy.cfg"]
    found = re.findall(r"^  (hard-stop-after|timeout client|timeout server) (\d+)s$", text, re.MULTILINE)
    return {name: int(value) for name, value in found}


def request_timeout(program: Program) -> int:
    config = program.files("litellm-config")["/etc/gateway/config.yaml"]
    (value,) = re.findall(r"^  request_timeout: (\d+)$", config, re.MULTILINE)
    return int(value)


def stop_timeout(program: Program) -> int:
    envs = dict(env.split("=", 1) for env in program.containers["litellm-1"]["envs"])
    return int(envs["GRACEFUL_SHUTDOWN_TIMEOUT"])


def in_order(*seconds: int) -> bool:
    return all(before < after for before, after in pairwise(seconds))


def test_edge_waits_longer_than_a_replica(program: Program) -> None:
    times = edge_times(program)
    assert in_order(request_timeout(program), times["timeout server"])
    assert in_order(request_timeout(program), times["timeout client"])


def test_stopping_edge_outlasts_its_requests(program: Program) -> None:
    edge = program.containers["edge"]
    assert in_order(request_timeout(program), edge_times(program)["hard-stop-after"], int(edge["stopTimeout"]))
    assert edge["destroyGraceSeconds"] == edge["stopTimeout"]


def test_stopping_replica_outlasts_its_requests(program: Program) -> None:
    assert stop_timeout(program) >= request_timeout(program)


def test_docker_outlasts_a_stopping_replica(program: Program) -> None:
    replicas = [inputs for name, inputs in program.containers.items() if name.startswith("litellm-")]
    assert replicas
    for replica in replicas:
        assert in_order(stop_timeout(program) + DRAIN_SECONDS, int(replica["stopTimeout"]))
        assert replica["destroyGraceSeconds"] == replica["stopTimeout"]


def test_provider_outlasts_each_container(program: Program) -> None:
    for name, container in program.containers.items():
        limits = program.options(name).customTimeouts
        assert in_order(int(container["stopTimeout"]), seconds(limits.delete)), name
        if container["wait"]:
            assert in_order(int(container["waitTimeout"]), seconds(limits.create)), name


def test_provider_outlasts_each_job(program: Program) -> None:
    for name in job_names():
        (limit,) = re.findall(r"^timeout (\d+) |\btimeout (\d+) ", " ".join(program.containers[name]["entrypoints"]))
        assert in_order(int("".join(limit)), seconds(program.options(name).customTimeouts.create)), name


def test_pull_of_an_image_may_take_two_hours(program: Program) -> None:
    images = [args.name for args in program.resources if args.typ == IMAGE]
    assert images
    for name in images:
        assert seconds(program.options(name, IMAGE).customTimeouts.create) == 7200, name


def seconds(text: str) -> int:
    """Return a limit as Pulumi writes it, such as `90s`, as a number."""
    return int(text.removesuffix("s"))
