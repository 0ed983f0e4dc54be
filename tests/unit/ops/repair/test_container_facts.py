"""A container as Pulumi made it has the same facts on both sides."""

import json
from pathlib import Path

from ops.repair.container_facts import actual_facts, image_facts, variables, wanted_facts

RECORDED = json.loads(Path(__file__).with_name("postgres_container.json").read_text())


def test_inputs_and_inspection_agree() -> None:
    wanted, actual = wanted_facts(RECORDED["inputs"]), actual_facts(RECORDED["inspect"])
    assert {name: (value, actual.get(name)) for name, value in wanted.items() if actual.get(name) != value} == {}


def test_what_the_inputs_leave_out_is_not_wanted() -> None:
    wanted = wanted_facts({"image": "sha256:a"})
    assert wanted["image"] == "sha256:a"
    assert "user" not in wanted
    assert "health check" not in wanted


def test_the_image_gives_labels_and_variables() -> None:
    image = {"Config": {"Labels": {"vendor": "x"}, "Env": ["PATH=/bin"]}}
    assert image_facts(image) == {"label vendor": "x", "environment PATH": "/bin"}
    assert image_facts({}) == {}


def test_a_variable_may_hold_an_equals_sign() -> None:
    assert variables(["A=b=c", "D="]) == {"A": "b=c", "D": ""}
