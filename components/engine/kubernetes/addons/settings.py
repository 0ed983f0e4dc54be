"""The settings of what stands beside a stack on its cluster."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from components.settings.base import SettingsModel

LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""
NAME, NAMESPACE = rf"^{SUBDOMAIN}$", rf"^{LABEL}$"
HOST_NAMES = rf"^(\*\.)?{SUBDOMAIN}$"
LONGEST_NAME, LONGEST_LABEL = 253, 63
WILDCARD = "*."


class IngressSettings(SettingsModel):
    """An Ingress, by which a controller of the cluster leads clients to the proxy."""

    host: str = Field(pattern=NAME, max_length=LONGEST_NAME)
    """Host name by which clients come; `proxy_url` names it."""
    class_name: str | None = Field(None, pattern=NAME, max_length=LONGEST_NAME)
    """IngressClass, which chooses the controller; null: the cluster's default."""
    tls: bool = True
    """Whether clients come over TLS, which the controller ends. `proxy_url` is then https."""
    tls_secret_name: str | None = Field(None, pattern=NAME, max_length=LONGEST_NAME)
    """Secret of the stack's namespace with the certificate; null: the controller's own certificate."""
    annotations: Mapping[str, str] = Field(default_factory=dict)
    """What the controller or cert-manager wants to know. Many controllers need some for long streams
    (docs/kubernetes.md)."""

    @model_validator(mode="after")
    def _secret_belongs_to_tls(self) -> Self:
        if self.tls_secret_name and not self.tls:
            raise ValueError("tls_secret_name: needs tls; set it to true, or remove the name")
        return self

    @property
    def url(self) -> str:
        """The URL by which clients reach the proxy."""
        return f"{'https' if self.tls else 'http'}://{self.host}"


class GatewayRouteSettings(SettingsModel):
    """An HTTPRoute, by which a Gateway of the cluster leads clients to the proxy."""

    gateway: str = Field(pattern=NAME, max_length=LONGEST_NAME)
    """Name of the Gateway."""
    namespace: str = Field(pattern=NAMESPACE, max_length=LONGEST_LABEL)
    """Namespace of the Gateway. From another one, a listener has to allow the route."""
    section_name: str | None = Field(None, pattern=NAME, max_length=LONGEST_NAME)
    """Listener of the Gateway; null: all that take the route."""
    hostnames: tuple[Annotated[str, StringConstraints(pattern=HOST_NAMES, max_length=LONGEST_NAME)], ...] = Field(
        (), max_length=16
    )
    """Host names by which clients come; an empty list: those of the listeners. `proxy_url` names the first without a
    wildcard."""
    tls: bool = True
    """Whether clients come over TLS, which the Gateway ends. `proxy_url` is then https."""
    timeout: int | None = Field(0, ge=0, le=86400)
    """Time that the Gateway gives a request, its stream included; 0: no limit; null: the Gateway's own, for one that
    does not know `timeouts`."""
    annotations: Mapping[str, str] = Field(default_factory=dict)
    """What the Gateway's controller wants to know."""

    @property
    def url(self) -> str | None:
        """The URL by which clients reach the proxy; None where only the Gateway knows its host."""
        host = next((name for name in self.hostnames if not name.startswith(WILDCARD)), None)
        return f"{'https' if self.tls else 'http'}://{host}" if host else None


class PrometheusOperatorSettings(SettingsModel):
    """A Prometheus of the Prometheus operator, which reads metrics and judges alert rules in place of an own one."""

    labels: Mapping[str, str] = Field(default_factory=dict)
    """Labels by which that Prometheus chooses what is its, such as `release: kube-prometheus-stack`. The stack's own
    begin with `app.kubernetes.io/` and `gateway.`."""
    namespace: str | None = Field(None, pattern=NAMESPACE, max_length=LONGEST_LABEL)
    """Its namespace, from which the NetworkPolicy lets it in to the metrics; null: any namespace."""

    @model_validator(mode="after")
    def _labels_are_not_the_stack_s_own(self) -> Self:
        for name in self.labels:
            if name.startswith(("app.kubernetes.io/", "gateway.")):
                raise ValueError(f"labels.{name}: is a label of the stack's own; choose another")
        return self
