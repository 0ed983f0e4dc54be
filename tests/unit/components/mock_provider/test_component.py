"""The mock provider as a service."""

from components.engine.workload import HttpGet, Network
from components.mock_provider.component import SERVER, MockProviderArgs, MockProviderSettings, service
from components.mock_provider.routes import PORT, URL
from tests.unit.components.workloads import NO_ENGINE

SETTINGS = MockProviderSettings(latency_ms=70, chunk_latency_ms=3, memory_mib=256)
SERVICE = service(MockProviderArgs(SETTINGS, "litellm:1.108.14", NO_ENGINE))


def test_mock_provider_is_off_by_default() -> None:
    assert MockProviderSettings().enabled is False


def test_mock_provider_listens_where_models_ask() -> None:
    assert f"http://{SERVICE.alias}:{PORT}" == URL
    assert SERVICE.command[SERVICE.command.index("--port") + 1] == str(PORT)
    assert "GET /health " in SERVICE.health.command[-1]
    assert SERVICE.health.request == HttpGet(PORT, "/health")


def test_mock_provider_cannot_reach_the_database() -> None:
    assert SERVICE.networks == (Network.FRONT,)
    assert SERVICE.ports == ()


def test_settings_reach_the_mock_provider() -> None:
    assert SERVICE.environment["MOCK_LATENCY_MS"] == "70"
    assert SERVICE.environment["MOCK_CHUNK_LATENCY_MS"] == "3"
    assert SERVICE.memory_mib == 256


def test_whole_server_package_is_in_the_container() -> None:
    assert set(SERVICE.programs) == {f"mock_provider/{file.name}" for file in SERVER.glob("*.py")}
    assert SERVICE.programs["mock_provider/app.py"] == (SERVER / "app.py").read_text()


def test_mock_provider_needs_no_secret() -> None:
    assert not SERVICE.secrets
