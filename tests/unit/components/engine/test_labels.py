"""Names and labels of one stack."""

import yaml

from components.engine.labels import Labels
from tests.unit.program import PROJECT

LABELS = Labels("gateway", "dev")


def test_container_name_has_project_and_stack() -> None:
    assert LABELS.container_name("postgres") == "gateway-dev-postgres"


def test_names_made_by_pulumi_start_alike() -> None:
    pattern = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())["config"]["pulumi:autonaming"]["value"]["pattern"]
    filled = pattern.replace("${project}", "gateway").replace("${stack}", "dev").replace("${name}", "postgres")
    assert filled.startswith(LABELS.container_name("postgres"))


def test_stack_has_one_label() -> None:
    assert LABELS.of_stack() == {"gateway.stack": "dev"}


def test_labels_of_a_workload_are_sorted() -> None:
    labels = list(LABELS.of_workload("migration", {"gateway.attempt": "2"}).items())
    assert labels == [("gateway.attempt", "2"), ("gateway.stack", "dev"), ("gateway.workload", "migration")]
    assert LABELS.of_workload("edge") == {"gateway.stack": "dev", "gateway.workload": "edge"}
