"""Only missing images are built, and their base before them."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.offline import image_steps
from bootstrap.offline.image_build import BASE_SYSTEM, BuildImage
from tests.unit.bootstrap.machines import COMPLETE, FRESH, RECIPES


def test_no_step_when_every_image_is_there() -> None:
    assert image_steps(COMPLETE, RECIPES) == []


def test_only_missing_images_are_built() -> None:
    steps = image_steps(replace(COMPLETE, images=COMPLETE.images - {RECIPES["redis"]}), RECIPES)
    assert [step.actions for step in steps] == [(BuildImage("redis", RECIPES["redis"]),)]


def test_changed_base_recipe_reuses_the_minimal_system() -> None:
    steps = image_steps(replace(COMPLETE, images=frozenset({BASE_SYSTEM})), RECIPES)
    assert [step.name for step in steps][:2] == ["image-debian", "image-postgres"]


def test_base_needs_root_for_debootstrap() -> None:
    with pytest.raises(BootstrapError, match="needs root for debootstrap"):
        image_steps(replace(FRESH, root=False), RECIPES)


def test_base_needs_debootstrap_where_apt_has_none() -> None:
    with pytest.raises(BootstrapError, match="needs debootstrap: install it"):
        image_steps(replace(FRESH, distribution="fedora"), RECIPES)
