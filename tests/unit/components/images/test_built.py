"""A built image's tag tells what its recipe is."""

import re
import shutil
from pathlib import Path

import pytest

from components.images.built import base_reference, built_reference, recipe_references
from components.images.catalog import IMAGES


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    for name in ("debian", "redis", "postgres"):
        (tmp_path / name / "scripts").mkdir(parents=True)
        (tmp_path / name / "Dockerfile").write_text(f"FROM {name}\n")
        (tmp_path / name / "scripts" / "start").write_text("exec true\n")
    return tmp_path


def test_tag_is_version_and_eight_hex_digits(recipes: Path) -> None:
    assert re.fullmatch(r"localhost/gateway/redis:7\.0-[0-9a-f]{8}", built_reference("redis", recipes))
    assert re.fullmatch(r"localhost/gateway/debian:bookworm-[0-9a-f]{8}", base_reference(recipes))


def test_moved_recipe_keeps_its_tag(recipes: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "recipes"
    shutil.copytree(recipes, copy)
    assert built_reference("redis", copy) == built_reference("redis", recipes)


@pytest.mark.parametrize("change", ["edit", "rename", "add", "edit base"])
def test_changed_recipe_is_another_image(recipes: Path, change: str) -> None:
    before, script = built_reference("redis", recipes), recipes / "redis" / "scripts" / "start"
    match change:
        case "edit":
            script.write_text("exec false\n")
        case "rename":
            script.rename(script.with_name("begin"))
        case "add":
            (recipes / "redis" / "more").write_text("")
        case "edit base":
            (recipes / "debian" / "Dockerfile").write_text("FROM other\n")
    assert built_reference("redis", recipes) != before


def test_tag_ignores_other_recipes(recipes: Path) -> None:
    before = built_reference("redis", recipes)
    (recipes / "postgres" / "Dockerfile").write_text("FROM other\n")
    assert built_reference("redis", recipes) == before


def test_tag_differs_for_one_file_and_two_with_the_same_bytes(recipes: Path) -> None:
    first, second = recipes / "redis" / "a", recipes / "redis" / "b"
    first.write_text("one")
    second.write_text("two")
    before = built_reference("redis", recipes)
    first.write_text("one\0b\0two")
    second.unlink()
    assert built_reference("redis", recipes) != before


def test_missing_recipe_is_named(recipes: Path) -> None:
    (recipes / "redis" / "Dockerfile").unlink()
    with pytest.raises(ValueError, match="bootstrap/offline/images/redis: has no Dockerfile"):
        built_reference("redis", recipes)


def test_image_has_a_recipe() -> None:
    assert recipe_references().keys() == {"debian", *IMAGES}
