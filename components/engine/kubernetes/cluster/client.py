"""The API of one cluster, as one context of a kubeconfig reaches it. Nothing else opens a client of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from kubernetes import config
from kubernetes.client import ApiClient, ApiException, CoreV1Api
from kubernetes.config import ConfigException
from kubernetes.stream import stream
from kubernetes.stream.ws_client import WSClient
from urllib3.exceptions import HTTPError
from websocket import WebSocketException

from components.engine.kubernetes.settings import KubernetesSettings

DEFAULT_KUBECONFIG = "~/.kube/config"
TIMEOUT_SECONDS = 15
"""For one answer."""
NOT_FOUND, FORBIDDEN = 404, 403
Connection: TypeAlias = WSClient
"""Of a command that runs in a pod: its input, its output and its exit code."""
CUT_OFF = (WebSocketException, OSError)
"""What a Connection raises once it is lost."""


class ClusterError(Exception):
    """One sentence that says why the cluster cannot be asked."""


class Refused(ClusterError):
    """The cluster answers with an error."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the HTTP status beside the cluster's own words."""
        super().__init__(message)
        self.status = status


class Cluster:
    """One cluster's API. Answers are data, as `kubectl get --raw` prints them."""

    def __init__(self, settings: KubernetesSettings) -> None:
        """Read the kubeconfig.

        Raises:
            ClusterError: when there is no such file or context, or its credentials cannot be got.
        """
        self.kubeconfig, self.context = kubeconfig_file(settings), settings.context
        require_context(self.kubeconfig, self.context)
        try:
            self._client: ApiClient = config.new_client_from_config(str(self.kubeconfig), self.context)
        except (ConfigException, OSError, ValueError) as error:
            raise ClusterError(f"kubernetes.context: {self.context} cannot be used: {one_line(error)}") from error

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return what stands at a path, such as /version.

        Raises:
            Refused: when the cluster answers with an error.
            ClusterError: when it does not answer.
        """
        found: dict[str, Any] = json.loads(self._request("GET", path, query))
        return found

    def find(self, path: str) -> dict[str, Any] | None:
        """Return what stands at a path; None when nothing does, or it may not be read.

        Raises:
            ClusterError: when the cluster does not answer, or with another error.
        """
        try:
            return self.get(path)
        except Refused as error:
            if error.status in (NOT_FOUND, FORBIDDEN):
                return None
            raise

    def items(self, path: str, **query: str) -> list[dict[str, Any]] | None:
        """Return the objects of a list; None when they may not be listed."""
        try:
            return list(self.get(path, **query)["items"])
        except Refused as error:
            if error.status in (NOT_FOUND, FORBIDDEN):
                return None
            raise

    def text(self, path: str, **query: str) -> str:
        """Return what stands at a path as text, such as a log."""
        return self._request("GET", path, query).decode(errors="replace")

    def create(self, path: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object, such as a review of rights, and return it."""
        found: dict[str, Any] = json.loads(self._request("POST", path, {}, manifest))
        return found

    def patch(self, path: str, operations: Sequence[Mapping[str, Any]]) -> None:
        """Change an object by a JSON Patch (RFC 6902)."""
        self._request("PATCH", path, {}, list(operations), "application/json-patch+json")

    def execute(self, namespace: str, pod: str, container: str, command: Sequence[str], *, stdin: bool) -> Connection:
        """Start a command in a pod; the connection carries what it reads and writes, as bytes.

        Raises:
            ClusterError: when the cluster does not answer, or refuses.
        """
        try:
            started: Connection = stream(
                CoreV1Api(self._client).connect_get_namespaced_pod_exec, pod, namespace, container=container,
                command=list(command), stdin=stdin, stdout=True, stderr=True, tty=False, binary=True,
                _preload_content=False, _request_timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
        except ApiException as error:
            # After the status come the headers and the body of the answer.
            reason = str(error.reason).partition(" -+-+- ")[0]
            raise ClusterError(
                f"no command can be run in {pod}, which needs the right to pods/exec: {reason}"
            ) from error
        return started

    def delete(self, path: str) -> None:
        """Delete an object at once, and what belongs to it: the pods of a Job would stay by default."""
        self._request("DELETE", path, {"gracePeriodSeconds": "0", "propagationPolicy": "Background"})

    def _request(
        self, method: str, path: str, query: Mapping[str, str], body: Any = None, form: str = "application/json"
    ) -> bytes:
        serialized = self._client.param_serialize(
            method, path, query_params=list(query.items()), body=body, auth_settings=["BearerToken"],
            header_params={"Accept": "application/json, */*", "Content-Type": form},
        )  # fmt: skip
        try:
            answer = self._client.call_api(*serialized, _request_timeout=TIMEOUT_SECONDS)
            text: bytes = answer.read()
        except (HTTPError, OSError) as error:
            server = self._client.configuration.host
            raise ClusterError(f"the cluster at {server} does not answer: {one_line(error)}") from error
        if answer.status >= 400:
            raise Refused(answer.status, message(text))
        return text


def kubeconfig_file(settings: KubernetesSettings) -> Path:
    """Return the kubeconfig that the settings name."""
    return Path(settings.kubeconfig or DEFAULT_KUBECONFIG).expanduser()


def require_context(file: Path, context: str) -> None:
    """Refuse a kubeconfig that does not have the context.

    Raises:
        ClusterError: one sentence that names the contexts it has.
    """
    try:
        document: Any = yaml.safe_load(file.read_text())
        names = [str(each["name"]) for each in document.get("contexts") or []]
    except (OSError, ValueError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no kubeconfig"
        raise ClusterError(f"kubernetes.kubeconfig: {file} cannot be read: {reason}") from error
    if context not in names:
        raise ClusterError(f"kubernetes.context: {file} has no context {context}; it has {', '.join(names) or 'none'}")


def message(answer: bytes) -> str:
    """Return the sentence of an error that the cluster answers with."""
    try:
        return str(json.loads(answer)["message"])
    except (ValueError, KeyError, TypeError):
        return answer.decode(errors="replace").strip()[:200]


def one_line(error: Exception) -> str:
    """Return an error's first line; a failed connection repeats its reason at the end."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
