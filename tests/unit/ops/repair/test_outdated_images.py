"""A full disk loses outdated images, and only those."""

from unittest.mock import Mock

import pytest
from docker.errors import APIError, NotFound

from components.images.built import built_reference
from ops.repair.outdated_images import free_disk, is_outdated


def test_only_images_of_changed_recipes_are_outdated() -> None:
    assert is_outdated(["localhost/gateway/litellm:1.0.0-00000000"])
    assert not is_outdated([built_reference("litellm")])
    assert not is_outdated(["localhost/gateway/litellm:1.0.0-00000000", "mine:latest"])
    assert not is_outdated(["postgres:15"])
    assert not is_outdated([])


@pytest.mark.parametrize("refusal", [APIError("409", explanation="image is in use"), NotFound("gone")])
def test_image_that_cannot_be_removed_stays_and_the_others_go(
    capsys: pytest.CaptureFixture[str], refusal: APIError
) -> None:
    images = [Mock(id=id_, tags=[f"localhost/gateway/{id_}:1.0.0-00000000"]) for id_ in ("litellm", "redis")]
    engine = Mock()
    engine.containers.list.return_value = []
    engine.images.list.return_value = images
    engine.images.remove.side_effect = [refusal, None]
    free_disk(engine)
    assert [call.args for call in engine.images.remove.call_args_list] == [("litellm",), ("redis",)]
    stays = "localhost/gateway/litellm:1.0.0-00000000 stays: image is in use"
    assert (stays in capsys.readouterr().out) is not isinstance(refusal, NotFound)
