"""Runs the program, or a part of it, with Pulumi's mocks, and keeps what it registered."""

import asyncio
import json
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto.resource_pb2 import RegisterResourceOutputsRequest, RegisterResourceRequest

from components.engine import preflight
from components.engine.docker import networks
from components.engine.host import data_version
from components.engine.preflight import Host
from testbed.configuration import read

PROJECT = Path(__file__).parents[2]
STACKS = ("dev", "staging", "prod")
QUIET_HOST = Host(
    port_holders={}, missing_images=(), processors=16, memory_mib=2**16, root_cgroup="/", failed_attempts={}
)
CONTAINER = "docker:index/container:Container"
IMAGE = "docker:index/remoteImage:RemoteImage"
NETWORK = "docker:index/network:Network"
PASSWORD = "random:index/randomPassword:RandomPassword"
VOLUME = "docker:index/volume:Volume"
SECRET_MARK = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
"""How Pulumi's protocol marks a value as secret (pulumi.runtime.rpc)."""


@dataclass
class Recorder(Mocks):
    """Answers for the providers, and keeps every resource."""

    ids_known: bool = True
    """Otherwise ids are unknown, as a preview's are of what the update is to create."""
    exit_code: int = 0
    """Of jobs."""
    resources: list[MockResourceArgs] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources.append(args)
        password = {**SECRET_MARK, "value": f"generated-{args.name}"}
        made = {
            "result": password,
            "exitCode": self.exit_code,
            "name": f"made-{args.name}",
            "imageId": f"sha256:{args.name}",
        }
        made_id = f"{args.name}-id" if self.ids_known else ""
        if args.typ.startswith("kubernetes:"):
            return made_id, {**args.inputs, **of_cluster(args.name, args.inputs)}
        return made_id, {**made, **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"the program called {args.token}")


def of_cluster(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a cluster adds to an object: its name, its uid, and the address of a balancer."""
    metadata = {"name": f"made-{name}", "uid": f"uid-{name}", **inputs.get("metadata", {})}
    return {"metadata": metadata, "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]}}}


class Monitor(MockMonitor):
    """Keeps the options and the outputs of resources, which the mocks are not told."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.options: dict[tuple[str, str], RegisterResourceRequest] = {}
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: RegisterResourceRequest) -> Any:  # noqa: N802 - the name is gRPC's
        self.options[request.name, request.type] = request
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def RegisterResourceOutputs(self, request: RegisterResourceOutputsRequest) -> Any:  # noqa: N802
        self.outputs[request.urn.rsplit("::", 1)[-1]] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Program:
    """One run of the program."""

    resources: list[MockResourceArgs]
    exports: dict[str, Any]
    secret_exports: set[str]
    requests: dict[tuple[str, str], RegisterResourceRequest]
    outputs: dict[str, dict[str, Any]]
    """What each component registered as its outputs, by its name."""
    warnings: list[str]

    def named(self, name: str, kind: str = CONTAINER) -> dict[str, Any]:
        """Return the inputs of one resource."""
        return next(dict(args.inputs) for args in self.resources if (args.name, args.typ) == (name, kind))

    def options(self, name: str, kind: str = CONTAINER) -> RegisterResourceRequest:
        """Return the options of one resource: protect, dependencies, replaceOnChanges and the like."""
        return self.requests[name, kind]

    def waits_for(self, name: str, kind: str = CONTAINER) -> set[str]:
        """Return the names of the resources that one depends on."""
        return {urn.rsplit("::", 1)[-1] for urn in self.options(name, kind).dependencies}

    def files(self, name: str) -> dict[str, str]:
        """Return the files of a data container by path, secret or not."""
        uploads = self.named(name)["uploads"]
        return {file["file"]: file["content"] for file in (uploads["value"] if is_secret(uploads) else uploads)}

    @property
    def containers(self) -> dict[str, dict[str, Any]]:
        """Inputs of the containers that are started, by name."""
        return {args.name: dict(args.inputs) for args in self.all_containers if args.inputs.get("start", True)}

    @property
    def all_containers(self) -> list[MockResourceArgs]:
        """Every container, also those that only hold files."""
        return [args for args in self.resources if args.typ == CONTAINER]


def is_secret(value: Any) -> bool:
    """Return whether Pulumi encrypts an input in the state and hides it in previews."""
    return isinstance(value, dict) and SECRET_MARK.items() <= value.items()


def stack_config(stack: str) -> dict[str, Any]:
    """Return the configuration of a stack, or of `baseline`."""
    return read(stack)


@cache
def program_of(stack: str) -> Program:
    """Run the program for a stack with its own configuration; once, because nothing changes the result."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return run(monkeypatch, stack, stack_config(stack))


def run(
    monkeypatch: pytest.MonkeyPatch,
    stack: str,
    config: dict[str, Any],
    machine: Host = QUIET_HOST,
    secret_keys: tuple[str, ...] = (),
) -> Program:
    """Run the program for a stack with this configuration; `secret_keys` are the keys of it that are encrypted."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(texts))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(secret_keys))
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")
    monkeypatch.setattr(preflight, "observe", lambda *_: machine)
    monkeypatch.setattr(data_version, "running_servers", lambda *_: {})
    return record(monkeypatch, stack, lambda: runpy.run_path(str(PROJECT / "__main__.py")))


def record(
    monkeypatch: pytest.MonkeyPatch,
    stack: str,
    body: Callable[[], object],
    *,
    preview: bool = False,
    recorder: Recorder | None = None,
) -> Program:
    """Run any code that registers resources, as that stack's program."""
    recorder, exports = recorder or Recorder(), dict[str, Any]()
    monitor = Monitor(recorder)
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "export", exports.__setitem__)
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_, **__: warnings.append(text))
    monkeypatch.setattr(networks, "require_network", lambda _, name, stack: name)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(recorder, project="gateway", stack=stack, preview=preview, monitor=monitor)

    # The mocks have no callback server.
    monkeypatch.setattr(pulumi.runtime.settings.SETTINGS, "callbacks", Mock())

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> None:
        body()

    program()
    outputs = {name: value for name, value in exports.items() if isinstance(value, pulumi.Output)}
    secret = {name for name, output in outputs.items() if loop.run_until_complete(output.is_secret())}
    loop.close()
    asyncio.set_event_loop(None)
    return Program(recorder.resources, exports, secret, monitor.options, monitor.outputs, warnings)
