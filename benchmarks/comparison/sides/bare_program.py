"""A Pulumi program that only declares resources: as many of each type as `resources.json` beside it says.

It runs as the program of a stack of its own. It has no settings, components, files and dependencies.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker
import pulumi_random as random

RESOURCES = "resources.json"
"""`{"images": [reference, …], "counts": {type: number, …}}`."""
LABEL = "gateway.stack"
"""By which the benchmark finds what an interrupted run left. It is not imported: that would take time here."""

Declare = Callable[[str, pulumi.Input[str]], pulumi.Resource]
"""Declares a resource of this name; containers run this image."""


def container(name: str, image: pulumi.Input[str]) -> docker.Container:
    """Declare a container that is not started."""
    return docker.Container(
        name,
        image=image,
        entrypoints=["/bin/true"],
        start=False,
        must_run=False,
        network_mode="none",
        log_driver="none",
        labels=[docker.ContainerLabelArgs(label=LABEL, value=pulumi.get_stack())],
    )


def network(name: str, _image: pulumi.Input[str]) -> docker.Network:
    """Declare a network without a way out."""
    labels = [docker.NetworkLabelArgs(label=LABEL, value=pulumi.get_stack())]
    return docker.Network(name, internal=True, labels=labels)


def volume(name: str, _image: pulumi.Input[str]) -> docker.Volume:
    """Declare a volume."""
    return docker.Volume(name, labels=[docker.VolumeLabelArgs(label=LABEL, value=pulumi.get_stack())])


DECLARE: Mapping[str, Declare] = {
    "docker:index/container:Container": container,
    "docker:index/network:Network": network,
    "docker:index/volume:Volume": volume,
    "random:index/randomId:RandomId": lambda name, _image: random.RandomId(name, byte_length=1),
    "random:index/randomPassword:RandomPassword": lambda name, _image: random.RandomPassword(name, length=40),
}


def declare(resources: Mapping[str, Any]) -> None:
    """Declare all resources."""
    images = [
        docker.RemoteImage(f"image-{number}", name=reference, keep_locally=True)
        for number, reference in enumerate(resources["images"])
    ]
    for type_, count in resources["counts"].items():
        for number in range(count):
            DECLARE[type_](f"{type_.rpartition(':')[2].lower()}-{number}", images[0].image_id)


if __name__ == "__main__":
    declare(json.loads((Path(__file__).parent / RESOURCES).read_text()))
