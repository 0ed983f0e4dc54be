"""The images that an update brings are read from its preview."""

from typing import Any

from ops.history.target_images import new_images
from ops.stack.state import JOB
from ops.update.operations import parse_operations
from tests.unit.ops.steps import IMAGE, beside, event


def pods(image: str) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": [{"name": "x", "image": image}]}}}}


def test_images_are_read_from_what_an_update_changes() -> None:
    events = [
        *beside("litellm-image", {"name": "litellm:2"}, {"name": "litellm:1"}, "name", kind=IMAGE),
        *beside("litellm-1", {"image": "sha256:b"}, {"image": "sha256:a"}, "image"),
        event("delete", "grafana-image", {"name": "grafana:1"}, kind=IMAGE),
        event("create", "migration", None, pods("litellm:1"), kind=JOB),
        event("update", "dump", pods("postgres:15"), pods("postgres:15"), ("spec",), kind=JOB),
    ]
    assert new_images(parse_operations(events)) == ("litellm:1",)
