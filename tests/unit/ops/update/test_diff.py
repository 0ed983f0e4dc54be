"""Why a container is replaced, in words that hold no secret."""

from typing import Any

import pytest

from ops.update.diff import changed_file_lines, changed_file_names, reasons
from ops.update.operations import Operation, parse_operations
from tests.unit.ops.steps import SECRETS, UNKNOWN, beside, data_container

CONFIG = "/etc/gateway/config.yaml"
SECRET_FILE = "/run/secrets/environment"


def change(old: dict[str, Any], new: dict[str, Any], *keys: str) -> Operation:
    (found,) = parse_operations(beside("litellm-1", old, new, *keys))
    return found


@pytest.mark.parametrize(
    ("key", "old", "new", "phrases"),
    [
        ("memory", 1024, 2048, ["memory 1024 → 2048"]),
        ("cpuSet", None, "0-1", ["cpuSet nothing → 0-1"]),
        ("image", "sha256:a", UNKNOWN, ["another image"]),
        ("envs", ["A=1", "B=2", "C=x=y"], ["A=1", "B=3"], ["B 2 → 3", "C x=y → nothing"]),
        ("envs", SECRETS, SECRETS, ["envs (secret)"]),
        ("user", "[secret]", "1:1", ["user (secret)"]),
        ("command", ["p", "-c", "a=1"], ["p", "-c", "a=2"], ["command: a=1 → a=2"]),
        ("healthcheck", {"interval": "5s", "__defaults": []}, {"interval": "9s"}, ["healthcheck interval 5s → 9s"]),
        (
            "volumes",
            [{"volumeName": "a", "readOnly": True}],
            [{"volumeName": UNKNOWN, "readOnly": True}],
            ["its files"],
        ),
        ("volumes", [{"volumeName": "a"}], [{"volumeName": "b"}], ["volumes"]),
        ("ports", [{"external": 1}], [{"external": 2}], ["ports"]),
        (
            "labels",
            [{"label": "gateway.schema", "value": "sha256:a"}],
            [{"label": "gateway.schema", "value": "sha256:b"}],
            ["another image's schema"],
        ),
        (
            "labels",
            [{"label": "gateway.schema", "value": "sha256:a"}],
            [{"label": "gateway.schema", "value": UNKNOWN}],
            ["a job runs before it"],
        ),
        (
            "labels",
            [{"label": "gateway.attempt", "value": "0"}],
            [{"label": "gateway.attempt", "value": "1"}],
            ["it failed the last time"],
        ),
    ],
)
def test_each_input_is_described_in_words(key: str, old: Any, new: Any, phrases: list[str]) -> None:
    assert reasons(change({key: old}, {key: new}, key)) == phrases


def test_a_job_before_a_container_is_no_reason_beside_another() -> None:
    label = [{"label": "gateway.schema", "value": "sha256:a"}]
    old, new = {"labels": label, "memory": 1}, {"labels": [label[0] | {"value": UNKNOWN}], "memory": 2}
    assert reasons(change(old, new, "labels", "memory")) == ["memory 1 → 2"]


def test_the_schema_of_another_image_goes_without_saying() -> None:
    old, new = ({"labels": [{"label": "gateway.schema", "value": image}], "image": image} for image in ("a", "b"))
    assert reasons(change(old, new, "labels", "image")) == ["another image"]


def test_a_long_value_is_cut() -> None:
    (phrase,) = reasons(change({"hostname": "a" * 500}, {"hostname": "b"}, "hostname"))
    assert len(phrase) < 100


def test_the_changed_lines_of_a_file_are_shown_with_two_around_them() -> None:
    old = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n"
    found = change(data_container(CONFIG, old), data_container(CONFIG, old.replace("d: 4", "d: 9")), "uploads")
    assert changed_file_names(found) == ["config.yaml"]
    assert changed_file_lines(found) == {
        CONFIG: ["@@ -2,5 +2,5 @@", " b: 2", " c: 3", "-d: 4", "+d: 9", " e: 5", " f: 6"]
    }


def test_files_that_hold_secrets_are_named_as_such_and_never_shown() -> None:
    hidden = change({"start": False, "uploads": SECRETS}, {"start": False, "uploads": SECRETS}, "uploads")
    assert (changed_file_names(hidden), changed_file_lines(hidden)) == (["secrets"], {})
    # Pulumi does not hide what it does not know yet; a secrets file is not shown even then.
    clear = change(data_container(SECRET_FILE, "KEY=old"), data_container(SECRET_FILE, "KEY=new"), "uploads")
    assert changed_file_lines(clear) == {}
