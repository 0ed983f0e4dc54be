"""The data files of LiteLLM's releases."""

import json
from pathlib import Path

import pytest

from components.images.advisories import version_of
from components.images.settings import ImageSettings
from components.images.source import ImageSource
from components.releases import release
from components.releases.check import WORDS
from components.releases.release import Release, load, release_for, supported

GROUPS = ("litellm_params", "model_info", "litellm_settings", "router_settings", "general_settings")
RELEASES = [load(minor) for minor in supported()]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with the releases 1.9, 1.20 and 2.0."""
    for minor in ("1.9", "1.20", "2.0"):
        text = json.dumps(dict.fromkeys(Release.__dataclass_fields__, ()) | {"release": f"{minor}.3"})
        (tmp_path / f"{minor}.json").write_text(text)
    monkeypatch.setattr(release, "FOLDER", tmp_path)
    monkeypatch.setattr(release, "load", load.__wrapped__)
    return tmp_path


@pytest.mark.parametrize("known", RELEASES, ids=lambda known: known.release)
def test_file_has_the_name_of_its_release(known: Release) -> None:
    assert load(known.release.rpartition(".")[0]) is known


@pytest.mark.parametrize("known", RELEASES, ids=lambda known: known.release)
def test_names_are_sorted_and_types_are_json_s(known: Release) -> None:
    for names in (known.providers, known.modes, known.sections):
        assert names == sorted(set(names))
    for group in GROUPS:
        types = getattr(known, group)
        assert list(types) == sorted(types), group
        assert {kind for kinds in types.values() for kind in kinds} <= WORDS.keys(), group


@pytest.mark.parametrize("known", RELEASES, ids=lambda known: known.release)
def test_usual_names_are_known(known: Release) -> None:
    usual = "anthropic azure bedrock cohere gemini groq hosted_vllm mistral ollama openai openrouter vertex_ai voyage"
    assert set(usual.split()) <= set(known.providers)
    assert {"chat", "embedding", "rerank", "image_generation", "audio_transcription"} <= set(known.modes)
    assert {"guardrails", "mcp_servers", "credential_list", "vector_store_registry"} <= set(known.sections)
    params = "api_base api_version rpm tpm weight max_parallel_requests timeout extra_headers extra_body num_ctx tags"
    assert set(params.split()) <= known.litellm_params.keys()
    info = "base_model access_groups supported_environments health_check_timeout max_tokens"
    assert set(info.split()) <= known.model_info.keys()
    assert {"array", "string"} == set(known.litellm_settings["callbacks"])
    assert {"callbacks", "success_callback", "default_fallbacks"} <= known.litellm_settings.keys()
    assert {"enable_pre_call_checks", "provider_budget_config"} <= known.router_settings.keys()
    assert {"pass_through_endpoints", "custom_auth", "alert_types"} <= known.general_settings.keys()


@pytest.mark.parametrize("wrong", ["drop_parms", "wieght", "metadat", "colour"])
@pytest.mark.parametrize("known", RELEASES, ids=lambda known: known.release)
def test_misspelt_names_are_unknown(known: Release, wrong: str) -> None:
    assert [group for group in GROUPS if wrong in getattr(known, group)] == []


@pytest.mark.parametrize("source", ImageSource)
def test_project_s_own_image_has_its_release(source: ImageSource) -> None:
    version = version_of(ImageSettings(source=source).reference("litellm"))
    assert version is not None
    assert release_for(version).release.startswith("{}.{}.".format(*version))


def test_releases_are_in_the_order_of_versions(folder: Path) -> None:
    assert supported() == ["1.9", "1.20", "2.0"]


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ((1, 9, 7), "1.9.3"),
        ((1, 10, 0), "1.9.3"),
        ((1, 20, 1), "1.20.3"),
        ((1, 99, 0), "1.20.3"),
        ((3, 0, 0), "2.0.3"),
        ((0, 1, 0), "1.9.3"),
        (None, "2.0.3"),
    ],
)
def test_version_has_its_own_release_or_the_one_before(
    folder: Path, version: tuple[int, int, int] | None, found: str
) -> None:
    assert release_for(version).release == found
