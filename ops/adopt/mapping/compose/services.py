"""docker-compose.yml: LiteLLM's container, and the services beside it."""

import re
from typing import Any

from ops.adopt.draft import Draft, Kind, Outcome, Place
from ops.adopt.mapping.compose.command import map_command
from ops.adopt.mapping.compose.image import map_image
from ops.adopt.mapping.compose.ports import map_ports
from ops.adopt.mapping.compose.sizes import SIZES, map_size
from ops.adopt.old.compose import Compose
from ops.adopt.old.variables import Variables
from ops.adopt.old.yaml_file import KeyPath

GATEWAY_KEYS = {
    "build": "the gateway's images are listed in `images`",
    "cap_add": "the gateway's containers have no capabilities",
    "cap_drop": "the gateway's containers have no capabilities",
    "container_name": "the gateway names its containers gateway-STACK-…",
    "depends_on": "the gateway starts its parts in order, and waits until each is healthy",
    "entrypoint": "the gateway starts LiteLLM itself",
    "env_file": "its variables are rows of their own",
    "environment": "its variables are rows of their own",
    "expose": "only the edge has ports",
    "healthcheck": "each part of the gateway has its own health check",
    "hostname": "the gateway names its containers gateway-STACK-…",
    "init": "each container of the gateway has one",
    "logging": "the gateway keeps 3 log files of 10 MB of each container",
    "networks": "the gateway has private networks of its own",
    "privileged": "the gateway's containers have no privileges",
    "pull_policy": "an image that is missing is pulled",
    "read_only": "the gateway's containers are read-only",
    "restart": "the gateway's containers start again by themselves",
    "security_opt": "the gateway's containers get no new privileges",
    "stdin_open": "nobody types into a container",
    "tmpfs": "the gateway's containers have the writable folders that they need",
    "tty": "nobody types into a container",
    "ulimits": "the gateway limits its containers itself",
    "user": "no container of the gateway runs as root",
}
"""Key of a service → what the gateway does by itself."""

SERVICES = {
    r"(postgres|pgvector|timescale|postgis)": ("postgres", "the gateway has its own Postgres; data: --dump"),
    r"(redis|valkey|keydb|dragonfly)": ("redis", "the gateway has its own Redis"),
    r"prometheus": ("monitoring", "the gateway has its own Prometheus: monitoring.enabled"),
    r"grafana": ("monitoring.grafana", "the gateway has its own Grafana: monitoring.grafana"),
    r"(nginx|traefik|caddy|haproxy)": ("", "the edge is in front of LiteLLM; for TLS set edge.https_port"),
    r"(pgbouncer|pgcat)": ("", "LiteLLM's own pools are as large as Postgres allows"),
    r"(postgres-exporter|postgres_exporter|redis_exporter|redis-exporter)": ("", "monitoring has its own exporters"),
}  # fmt: skip
"""What an image's name holds → the part of the gateway, and what it does; the last that fits holds."""


class ComposeMapping:
    """Gives each key of the Compose file a place in the draft."""

    def __init__(self, compose: Compose, draft: Draft, variables: Variables) -> None:
        """Begin with the old file."""
        self._compose, self._draft, self._variables = compose, draft, variables

    def map(self) -> None:
        """Map LiteLLM's service, then the others, then the rest of the file."""
        self._litellm()
        for name, service in self._compose.services.items():
            if name != self._compose.service:
                self._other(name, service)
        for key in self._compose.file.values:
            if key != "services":
                self._draft.by_gateway(self._place((key,)), "it describes the old deployment")
        map_ports(self._compose, self._draft, self._variables)

    def env_of_file(self, variables: Variables) -> None:
        """Give each variable that only the Compose file itself uses the outcome of the key that uses it."""
        for name in variables.unpassed.keys() - variables.taken:
            users = [path for path, names in self._compose.uses.items() if name in names]
            found = [self._draft.outcome_of(self._compose.file.name, path) for path in users]
            outcome = next((each for each in found if each), None)
            unused = f"{self._compose.file.name} passes it to no container: it had no effect"
            variables.take(name, self._draft, outcome or Outcome(Kind.NONE, note=unused))

    def _litellm(self) -> None:
        path, draft = self._compose.path, self._draft
        for key, value in self._compose.litellm.items():
            place = self._place((*path, key))
            if key == "image":
                map_image(str(value), place, draft)
            elif key == "command":
                map_command(self._compose, value, draft, self._variables)
            elif key == "volumes":
                self._volumes(value)
            elif key in SIZES:
                map_size(key, value, place, "litellm", draft)
            elif key == "extra_hosts":
                draft.by_gateway(place, "host.docker.internal is the Docker host; other names have no counterpart")
            elif key not in ("ports", "environment"):
                self._common(key, place)
        if not self._compose.litellm.get("environment"):
            return
        draft.outcome(self._place((*path, "environment")), Outcome(Kind.GATEWAY, note=GATEWAY_KEYS["environment"]))

    def _common(self, key: str, place: Place) -> None:
        if key in GATEWAY_KEYS:
            self._draft.by_gateway(place, GATEWAY_KEYS[key])
        else:
            self._draft.no_counterpart(place, "the gateway describes its containers itself")

    def _volumes(self, volumes: Any) -> None:
        self._draft.no_counterpart(self._place((*self._compose.path, "volumes")), "names no volume")
        for number, volume in enumerate(volumes if isinstance(volumes, list) else []):
            source = str(volume.get("source", "") if isinstance(volume, dict) else str(volume).split(":")[0])
            place = self._place((*self._compose.path, "volumes", number))
            if source.endswith((".yaml", ".yml")):
                self._draft.by_gateway(place, "the gateway writes config.yaml and carries it into its containers")
            elif source.endswith(".py"):
                self._draft.no_counterpart(place, "own Python belongs into litellm.python_folder")
            elif source.endswith((".pem", ".crt")):
                self._draft.no_counterpart(place, "own authorities belong into litellm.ca_certificates")
            else:
                self._draft.no_counterpart(place, "replicas keep no files")

    def _other(self, name: str, service: dict[str, Any]) -> None:
        image = str(service.get("image") or name).lower()
        fitting = [found for pattern, found in SERVICES.items() if re.search(pattern, image)]
        part, note = fitting[-1] if fitting else ("", "")
        place = self._place(("services", name))
        if not fitting:
            self._draft.no_counterpart(place, "the gateway does not run this service; go on running it as before")
            return
        self._draft.by_gateway(place, note)
        if part.startswith("monitoring"):
            self._draft.set("monitoring.enabled", value=True, place=place)
            self._draft.by_gateway(place, note)
        for key in ("mem_limit", "deploy"):
            if key in service and part:
                map_size(key, service[key], self._place(("services", name, key)), part, self._draft)

    def _place(self, path: KeyPath) -> Place:
        return Place(self._compose.file.name, path, self._compose.file.line(path))
