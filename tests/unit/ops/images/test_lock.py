"""Which images a stack's file names by digest, and what a lock leaves alone."""

import re
from pathlib import Path

import pytest

from components.stack.parts import image_names
from ops.errors import OperationError
from ops.images import lock, registry, signature
from ops.images.lock import ImageLock, from_registry, lock_images, lock_table, not_locked
from ops.images.signature import SignatureStatus
from ops.stack.config_file import parse_config, settings_without_secrets
from tests.unit.program import PROJECT

OLD, NEW = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"
REDIS = ImageLock("redis", "docker.io/library/redis:7.2.16", None, NEW)
LITELLM = ImageLock("litellm", "ghcr.io/berriai/litellm:v1.108.14", OLD, NEW, SignatureStatus.VERIFIED)
STACK = """\
config:
  gateway:images:
    # Why digests.
    pinning: digest
    litellm: ghcr.io/berriai/litellm:v1.108.13@sha256:{digest}

  # The database.
  gateway:postgres:
    memory_mib: 2048
  gateway:provider_keys:
    OLLAMA_API_KEY:
      secure: v1:abc=:def==
""".format(digest="0" * 64)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack's file; every tag names NEW in its registry, and there is no cosign."""
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(STACK)
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")
    monkeypatch.setattr(lock, "configuration_file", lambda _: path)
    monkeypatch.setattr(registry, "digest", lambda _: NEW)
    monkeypatch.setattr("shutil.which", lambda _: None)
    return path


def test_a_lock_changes_only_the_images_of_the_file(file: Path) -> None:
    lock_images("test", check=False)
    images = parse_config(file.read_text())["gateway:images"]
    assert images["litellm"] == f"ghcr.io/berriai/litellm:v1.108.13@{NEW}"
    assert set(images) == {"pinning", "litellm", "postgres", "redis", "haproxy"}
    assert all(reference.endswith(NEW) for name, reference in images.items() if name != "pinning")
    assert set(STACK.replace("0" * 64, "1" * 64).splitlines()) <= set(file.read_text().splitlines())


def test_what_a_lock_writes_is_what_pinning_by_digest_demands(file: Path) -> None:
    lock_images("test", check=False)
    # A form of its own, which writing the file anew would change.
    file.write_text(locked := file.read_text().replace("memory_mib: 2048", "memory_mib:   2048"))
    lock_images("test", check=True)
    assert file.read_text() == locked
    stack = settings_without_secrets(file.read_text())
    assert [name for name in image_names(stack) if "@sha256:" not in stack.images.reference(name)] == []


def test_a_check_writes_nothing_and_names_what_differs(file: Path) -> None:
    with pytest.raises(OperationError) as refused:
        lock_images("test", check=True)
    assert str(refused.value).startswith("test: not locked as the registries say: postgres has no digest, ")
    assert "litellm names another image now" in str(refused.value)
    assert str(refused.value).endswith("run `python -m ops lock test`")
    assert file.read_text() == STACK


def test_a_lock_without_cosign_says_that_nothing_was_verified(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock_images("test", check=False)
    assert file.read_text() != STACK
    assert capsys.readouterr().err == "warning: cosign is not installed: LiteLLM's signature was not verified\n"


def test_a_refused_signature_leaves_the_file_as_it_is(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: str) -> SignatureStatus:
        raise OperationError("its signature is not the vendor's")

    monkeypatch.setattr(signature, "verify", refuse)
    with pytest.raises(OperationError, match=r"^images\.postgres: its signature is not the vendor's$"):
        lock_images("test", check=False)
    assert file.read_text() == STACK


def test_a_release_that_must_not_run_is_not_locked(file: Path) -> None:
    file.write_text(STACK.replace("v1.108.13", "v1.82.7"))
    with pytest.raises(OperationError, match=r"^images\.litellm: LiteLLM 1\.82\.7 must not run"):
        lock_images("test", check=False)


def test_a_stack_that_demands_digests_can_be_locked_first() -> None:
    text = "config:\n  gateway:images:\n    pinning: digest\n    source: official\n"
    assert image_names(settings_without_secrets(text))


def test_a_stack_that_demands_no_digests_learns_how(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock_images("test", check=False)
    assert "pinning" not in capsys.readouterr().out
    file.write_text(STACK.replace("pinning: digest", "pinning: version"))
    lock_images("test", check=False)
    assert "pulumi config set --path gateway:images.pinning digest --stack test" in capsys.readouterr().out


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_the_project_s_own_stacks_can_be_read_for_their_images(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")
    found = settings_without_secrets((PROJECT / "stacks" / f"Pulumi.{stack}.yaml").read_text())
    references = {name: found.images.reference(name) for name in image_names(found)}
    assert from_registry(references) == references


def test_images_built_here_are_left_out() -> None:
    references = {"redis": "localhost/gateway/redis:7.0-ab", "litellm": "ghcr.io/berriai/litellm:v1.108.14"}
    assert from_registry(references) == {"litellm": references["litellm"]}


def test_a_stack_of_images_built_here_is_refused_in_one_sentence() -> None:
    with pytest.raises(OperationError, match=r"^the stack's images are built here and have no digest: .* to official$"):
        from_registry({"redis": "localhost/gateway/redis:7.0-ab12cd34"})


@pytest.mark.parametrize("reference", ["example/redis", "localhost:5000/redis"])
def test_an_image_with_neither_tag_nor_digest_is_refused(reference: str) -> None:
    with pytest.raises(OperationError, match=rf"^images\.redis: {reference} names neither tag nor digest"):
        from_registry({"redis": reference})


def test_an_image_named_by_its_digest_alone_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "digest", lambda _: pytest.fail("a tag was looked up"))
    reference = f"localhost:5000/redis@{OLD}"
    assert from_registry({"redis": reference})
    assert lock.resolve("redis", reference).reference == reference


def test_the_table_shows_the_old_and_the_new_digest() -> None:
    same = ImageLock("haproxy", "docker.io/library/haproxy:3.2.25", OLD, OLD)
    assert [line.split("  ") for line in re.sub(" {2,}", "  ", lock_table([REDIS, LITELLM, same])).splitlines()] == [
        ["IMAGE", "TAG", "LOCKED", "NOW", "SIGNATURE"],
        ["redis", REDIS.tag, "no digest", "→ sha256:111111111111", "not signed by its vendor"],
        ["litellm", LITELLM.tag, "sha256:000000000000", "→ sha256:111111111111", "signature verified"],
        ["haproxy", same.tag, "sha256:000000000000", "the same", "not signed by its vendor"],
    ]


def test_the_columns_of_the_table_stand_under_their_heads() -> None:
    lines = lock_table([REDIS, LITELLM]).splitlines()
    assert {line.index("docker.io") for line in lines[1:2]} == {lines[0].index("TAG")}
    assert {line.index("→") for line in lines[1:]} == {lines[0].index("NOW")}


def test_a_lock_that_is_as_its_registry_says_differs_in_nothing() -> None:
    assert not_locked([ImageLock("redis", "redis:7.2.16", NEW, NEW)]) == ""
    assert not_locked([REDIS, LITELLM]) == "redis has no digest, litellm names another image now"
