"""Only missing parts of Pulumi are compiled."""

from bootstrap.execution.shell import Command
from bootstrap.execution.step import Step
from bootstrap.machine import PulumiPart
from bootstrap.offline import pulumi_steps
from bootstrap.offline.pulumi_build import PACKAGES


def commands(steps: list[Step]) -> str:
    return "\n".join(str(action) for step in steps for action in step.actions)


def test_only_missing_parts_of_pulumi_are_built() -> None:
    (step,) = pulumi_steps([PulumiPart.RANDOM_PLUGIN], "/usr/bin/go")
    (build,) = [action for action in step.actions if isinstance(action, Command) and "build" in action.argv]
    assert [word for word in build.argv if word in PACKAGES.values()] == ["./random"]
    assert build.argv[0] == "/usr/bin/go"


def test_plugins_are_installed_at_pinned_versions() -> None:
    text = commands(pulumi_steps(list(PulumiPart), "/usr/bin/go"))
    assert "plugin install resource docker 5.2.0 --file" in text
    assert "plugin install resource random 4.21.4 --file" in text


def test_missing_go_is_installed_with_hashes() -> None:
    assert "pip install -q --require-hashes -r bootstrap/offline/requirements.txt" in commands(pulumi_steps([], None))
