"""A program whose one job takes longer than the provider's limit for it, or shorter."""

import os

import pulumi
import pulumi_docker as docker

docker.Container(
    "slow",
    image=os.environ["SLOW_IMAGE"],
    entrypoints=["sleep", os.environ["SLOW_SECONDS"]],
    must_run=False,
    attach=True,
    labels=[docker.ContainerLabelArgs(label="gateway.stack", value=pulumi.get_stack())],
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create=os.environ["SLOW_LIMIT"])),
)
