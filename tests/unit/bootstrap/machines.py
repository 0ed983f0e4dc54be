"""Machines as data: fresh ones of both kinds, and one that lacks nothing."""

from dataclasses import replace

from bootstrap.machine import EngineState, Machine, PulumiPart, Reachability
from bootstrap.offline.image_build import BASE_SYSTEM
from components.images.built import BASE
from components.images.catalog import IMAGES
from components.images.source import ImageSource

RECIPES = {BASE: "localhost/gateway/debian:bookworm-0"} | {name: f"localhost/gateway/{name}:0" for name in IMAGES}

FRESH = Machine(
    distribution="debian",
    release="bookworm",
    root=True,
    systemd=False,
    engine=EngineState.MISSING,
    free_gib=50.0,
    commands=frozenset({"curl"}),
    go=None,
    pulumi=frozenset(),
    vendors=Reachability.UNREACHABLE,
    registries=Reachability.UNREACHABLE,
    image_source_override=None,
    image_source_recorded=None,
    images=frozenset(),
    passphrase=False,
)
COMPLETE = replace(
    FRESH,
    engine=EngineState.ANSWERS,
    commands=frozenset({"curl", "debootstrap"}),
    go="/usr/bin/go",
    pulumi=frozenset(PulumiPart),
    vendors=Reachability.NOT_CHECKED,
    registries=Reachability.NOT_CHECKED,
    image_source_recorded=ImageSource.BUILT,
    images=frozenset(RECIPES.values()) | {BASE_SYSTEM},
    passphrase=True,
)
VENDOR_REACHABLE = replace(FRESH, vendors=Reachability.REACHABLE, registries=Reachability.REACHABLE, systemd=True)
