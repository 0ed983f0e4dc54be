"""Prometheus and the blackbox exporter beside a gateway: the product's images, configuration and rules.

A whole gateway with monitoring would have one more process in each replica, and more exporters.
"""

import io
import socket
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import docker
import pulumi
from docker.models.containers import Container

from components.engine.workload import CONFIG_FOLDER
from components.images.source import image_reference, resolve_source
from components.monitoring import alert_rules, jobs, prometheus
from components.monitoring.component import thresholds
from components.monitoring.exporters import blackbox_exporter
from components.monitoring.settings import MonitoringSettings
from testbed.container import address
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.monitoring.prometheus import Prometheus


@contextmanager
def watched(project: Project, host: str, certificate_days: float) -> Iterator[Prometheus]:
    """Watch the certificate that a gateway shows to clients of this host name.

    An alert fires when it expires in fewer than these days.
    """
    settings = MonitoringSettings(scrape_interval=2, rate_window=20, alert_after=2, certificate_days=certificate_days)
    read = jobs.jobs(with_redis=False, with_tls=True, behind_ingress=True)
    files = {
        prometheus.CONFIG_FILE: prometheus.text(project.stack, 2, read),
        prometheus.RULES_FILE: alert_rules.text(thresholds(settings, 1)),
    }
    command = (f"--config.file={CONFIG_FOLDER}/{prometheus.CONFIG_FILE}", "--storage.tsdb.path=/tmp/prometheus")
    probe = blackbox_exporter(image_reference("blackbox_exporter", resolve_source()), host)
    with ExitStack() as stack:
        made = stack.enter_context(_created(probe.image, probe.command))
        _start(made, project, probe.alias, probe.config)
        made = stack.enter_context(_created(image_reference("prometheus", resolve_source()), command))
        _start(made, project, prometheus.ALIAS, files)
        at = address(project, made)
        wait_until(lambda: _listens(at, prometheus.PORT), 30)
        yield stack.enter_context(Prometheus(prometheus.PORT, at))


def _listens(host: str, port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex((host, port)) == 0


@contextmanager
def _created(image: str, command: Sequence[str]) -> Iterator[Container]:
    """Create a container, which is removed in the end."""
    container = docker.from_env().containers.create(image, list(command))
    try:
        yield container
    finally:
        container.remove(force=True, v=True)


def _start(container: Container, project: Project, alias: str, files: Mapping[str, pulumi.Input[str]]) -> None:
    """Start a container with these files on the gateway's front network."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"{CONFIG_FOLDER.lstrip('/')}/{name}")
            entry.size = len(str(text).encode())
            tar.addfile(entry, io.BytesIO(str(text).encode()))
    container.put_archive("/", archive.getvalue())
    (network,) = project.container("provider").attrs["NetworkSettings"]["Networks"]
    docker.from_env().networks.get(network).connect(container, aliases=[alias])
    container.start()
    container.reload()
