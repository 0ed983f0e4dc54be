"""The mock provider's workload."""

from components.engine.workload import Network
from components.mock_provider.component import PORT, SOURCE, URL, MockProviderSettings, workload

WORKLOAD = workload(MockProviderSettings(latency_ms=70, chunk_latency_ms=3), "litellm:1.108.14")


def test_the_mock_provider_is_off_unless_asked_for() -> None:
    assert MockProviderSettings().enabled is False


def test_models_find_it_where_it_listens() -> None:
    assert f"http://{WORKLOAD.alias}:{PORT}" == URL
    assert WORKLOAD.command[WORKLOAD.command.index("--port") + 1] == str(PORT)
    assert f"http://127.0.0.1:{PORT}/health" in WORKLOAD.health.command[-1]


def test_it_cannot_reach_the_database() -> None:
    assert WORKLOAD.networks == (Network.FRONT,)
    assert WORKLOAD.ports == ()


def test_its_latencies_are_the_stack_s() -> None:
    assert WORKLOAD.environment["MOCK_LATENCY_MS"] == "70"
    assert WORKLOAD.environment["MOCK_CHUNK_LATENCY_MS"] == "3"


def test_its_source_is_the_project_s_whole_package() -> None:
    assert set(WORKLOAD.programs) == {f"mock_provider/{file.name}" for file in SOURCE.glob("*.py")}
    assert WORKLOAD.programs["mock_provider/app.py"] == (SOURCE / "app.py").read_text()


def test_it_needs_no_secret() -> None:
    assert not WORKLOAD.secrets
