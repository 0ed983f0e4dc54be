"""Machines as data: fresh ones of both kinds, and one that lacks nothing."""

from dataclasses import replace

from bootstrap.image_build import BASE_SYSTEM
from bootstrap.machine import Engine, Machine, Part, Reach
from components.images.catalog import BASE, IMAGES, ImageSource

RECIPES = {BASE: "localhost/gateway/debian:bookworm-0"} | {name: f"localhost/gateway/{name}:0" for name in IMAGES}

FRESH = Machine(
    distribution="debian",
    release="bookworm",
    root=True,
    systemd=False,
    engine=Engine.MISSING,
    docker_host=None,
    free_gib=50.0,
    commands=frozenset({"curl"}),
    go=None,
    pulumi=frozenset(),
    vendors=Reach.UNREACHABLE,
    registries=Reach.UNREACHABLE,
    image_source_override=None,
    image_source_recorded=None,
    images=frozenset(),
    passphrase=False,
)
COMPLETE = replace(
    FRESH,
    engine=Engine.ANSWERS,
    commands=frozenset({"curl", "debootstrap"}),
    go="/usr/bin/go",
    pulumi=frozenset(Part),
    vendors=Reach.UNASKED,
    registries=Reach.UNASKED,
    image_source_recorded=ImageSource.BUILT,
    images=frozenset(RECIPES.values()) | {BASE_SYSTEM},
    passphrase=True,
)
VENDOR_REACHABLE = replace(FRESH, vendors=Reach.REACHABLE, registries=Reach.REACHABLE, systemd=True)
