"""The state that Pulumi recorded: a stack's resources, its secrets, and operations that never ended.

Pulumi calls an exported state a deployment.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.identity import identity_of

CONTAINER = "docker:index/container:Container"
IMAGE = "docker:index/remoteImage:RemoteImage"
NETWORK = "docker:index/network:Network"
VOLUME = "docker:index/volume:Volume"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
JOB = "kubernetes:batch/v1:Job"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"  # noqa: S105 - a resource's type
NAMESPACE = "kubernetes:core/v1:Namespace"
CLUSTER_TYPES = "kubernetes:"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a resource's type
SALT_KEY = "salt-key"
PLAINTEXT = "plaintext"
"""Key of a secret's value, as JSON, in an exported state."""

Deployment = Mapping[str, Any]


@dataclass(frozen=True)
class RecordedResource:
    """One resource of the state. Its secrets are decrypted, so no printed form shows them."""

    name: str
    urn: str
    type: str
    id: str
    pending_delete: bool
    """Whether it is replaced already and still has to be deleted."""
    inputs: Mapping[str, Any] = field(repr=False)
    exit_code: int = 0
    """Of a job that has ended."""
    ignore_changes: tuple[str, ...] = ()
    """Inputs that an update leaves alone, by their paths."""

    @property
    def is_container(self) -> bool:
        """Whether it is a container."""
        return self.type == CONTAINER

    @property
    def is_data_container(self) -> bool:
        """Whether it is a container that only holds files for others and never runs."""
        return self.is_container and self.inputs.get("start") is False

    @property
    def must_run(self) -> bool:
        """Whether it is a container that has to run all the time."""
        return self.is_container and not self.is_data_container and self.inputs.get("mustRun") is not False

    @property
    def is_done(self) -> bool:
        """Whether it is a container that nothing needs any more, so that the engine may remove it.

        That is a data container, whose volume holds the files, and a job that has ended well.
        """
        return self.is_data_container or (self.is_container and not self.must_run and not self.exit_code)

    @property
    def volume_of_files(self) -> str | None:
        """Name of the volume into which a data container wrote; None for any other resource."""
        volumes = self.inputs.get("volumes") if self.is_data_container else None
        return str(volumes[0]["volumeName"]) if volumes and volumes[0].get("volumeName") else None


def recorded_resources(deployment: Deployment | None) -> list[RecordedResource]:
    """Return the resources that exist on the engine; components and providers are left out."""
    return [
        RecordedResource(
            name=resource_name(resource),
            urn=str(resource["urn"]),
            type=str(resource["type"]),
            id=object_id(resource),
            pending_delete=bool(resource.get("delete")),
            inputs=decrypted(resource.get("inputs") or {}),
            exit_code=int((resource.get("outputs") or {}).get("exitCode") or 0),
            ignore_changes=tuple(resource.get("ignoreChanges") or ()),
        )
        for resource in _resources(deployment)
        if resource.get("id") and not str(resource["type"]).startswith("pulumi:")
    ]


def object_id(resource: Mapping[str, Any]) -> str:
    """Return the id that the engine's object has in `StackEngine.objects`: on a cluster, its kind and its name."""
    kind, id_ = str(resource["type"]), str(resource["id"])
    return f"{kind.rpartition(':')[2].lower()}/{id_.rpartition('/')[2]}" if kind.startswith(CLUSTER_TYPES) else id_


def needed_resources(resources: Sequence[RecordedResource]) -> list[RecordedResource]:
    """Leave out the volumes of files that only jobs read which have ended well: each run of a job writes its own."""
    written = {each.volume_of_files for each in resources if each.volume_of_files}
    read = {
        str(volume["volumeName"])
        for each in resources
        if each.is_container and not each.is_done
        for volume in each.inputs.get("volumes") or []
        if volume.get("volumeName")
    }
    return [each for each in resources if each.type != VOLUME or each.id in read or each.id not in written]


def pending_operations(deployment: Deployment | None) -> list[str]:
    """Return the operations that an update began and never ended, e.g. `creating litellm-1`."""
    pending = (deployment or {}).get("pending_operations") or []
    return [f"{operation['type']} {resource_name(operation['resource'])}" for operation in pending]


def generated_secrets(deployment: Deployment | None) -> dict[str, str]:
    """Return the generated passwords of the state by the names of their resources."""
    return {
        resource_name(resource): str(decrypted(resource["outputs"]).get("result") or "")
        for resource in _resources(deployment)
        if resource["type"] == PASSWORD and not resource.get("delete")
    }


def stack_identity(deployment: Deployment | None) -> str | None:
    """Return the identity that the state's salt key gives the stack; None if there is no salt key yet."""
    for resource in _resources(deployment):
        if resource["type"] == PASSWORD and resource_name(resource) == SALT_KEY and not resource.get("delete"):
            outputs = decrypted(resource.get("outputs") or {})
            return identity_of(str(outputs.get("result") or ""), outputs.get("keepers"))
    return None


def component_urns(deployment: Deployment | None) -> dict[str, str]:
    """Return the URNs of the components in the state, by name."""
    return {
        resource_name(resource): str(resource["urn"])
        for resource in _resources(deployment)
        if str(resource["type"]).startswith("gateway:")
    }


def has_protected_resource(deployment: Deployment | None) -> bool:
    """Return whether a resource of the state is protected from deletion."""
    return any(resource.get("protect") for resource in _resources(deployment))


def resource_name(resource: Mapping[str, Any]) -> str:
    """Return the name that the program gave a resource."""
    return str(resource["urn"]).rsplit("::", 1)[-1]


def decrypted(value: Any) -> Any:
    """Return a value with every secret in it replaced by its plain value."""
    if isinstance(value, Mapping):
        if PLAINTEXT in value:
            return decrypted(json.loads(value[PLAINTEXT]))
        return {key: decrypted(inner) for key, inner in value.items()}
    return [decrypted(inner) for inner in value] if isinstance(value, list) else value


def _resources(deployment: Deployment | None) -> list[Mapping[str, Any]]:
    return (deployment or {}).get("resources") or []
