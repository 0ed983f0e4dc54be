"""Names and labels that tell one stack's parts from another's."""

import yaml

from components.engine.labels import Labels
from tests.unit.program import PROJECT

LABELS = Labels("gateway", "dev")


def test_a_part_of_which_there_is_one_is_named_for_project_and_stack() -> None:
    assert LABELS.container_name("postgres") == "gateway-dev-postgres"


def test_names_that_pulumi_makes_begin_alike() -> None:
    pattern = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())["config"]["pulumi:autonaming"]["value"]["pattern"]
    filled = pattern.replace("${project}", "gateway").replace("${stack}", "dev").replace("${name}", "postgres")
    assert filled.startswith(LABELS.container_name("postgres"))


def test_labels_say_stack_and_workload_and_what_else_is_asked_in_order() -> None:
    labels = [(label.label, label.value) for label in LABELS.of("migration", {"gateway.attempt": "2"})]
    assert labels == [("gateway.attempt", "2"), ("gateway.stack", "dev"), ("gateway.workload", "migration")]
