"""What is wrong on a cluster, and what repairs it."""

import copy

from components.engine.ownership import EngineObject, ObjectKind
from ops.repair.cluster_drift import ObservedNamespace
from ops.repair.cluster_recover import cluster_issues, removals
from ops.repair.repair_plan import RepairAction
from ops.stack.backend.state_lock import StateLock
from ops.stack.state import recorded_resources
from tests.unit.ops.repair.test_cluster_drift import EDGE, recorded


def orphan(name: str) -> EngineObject:
    return EngineObject(ObjectKind.OBJECT, name, name, "abcd")


def test_issues_are_in_the_order_of_their_actions() -> None:
    observed = ObservedNamespace({}, [orphan("persistentvolumeclaim/data-1"), orphan("job/dump-1")])
    resources = recorded_resources({"resources": [recorded("apps/v1:Deployment", "edge", EDGE)]})
    locks = [StateLock(7, "ada", "here", "2030")]
    assert [(each.what, each.action) for each in cluster_issues(locks, ["creating edge"], resources, observed)] == [
        ("locked by ada@here (process 7) since 2030, which has ended", RepairAction.UNLOCK),
        ("interrupted: creating edge", RepairAction.REFRESH),
        ("edge: object is missing, not deployment/edge", RepairAction.UPDATE),
        ("job/dump-1 is not in the state", RepairAction.REMOVE_LAST),
        ("persistentvolumeclaim/data-1 is not in the state", RepairAction.KEEP_CLAIM),
    ]


def test_pod_that_is_not_ready_is_left_to_the_cluster() -> None:
    resources = recorded_resources({"resources": [recorded("apps/v1:Deployment", "edge", EDGE)]})
    assert cluster_issues([], [], resources, ObservedNamespace({"deployment/edge": EDGE})) == []


def test_additions_are_removed_from_the_end_of_a_list() -> None:
    resources = recorded_resources({"resources": [recorded("apps/v1:Deployment", "edge", EDGE)]})
    edge = copy.deepcopy(EDGE)
    (container,) = edge["spec"]["template"]["spec"]["containers"]
    container["env"] = [{"name": "B"}, {"name": "A"}, {"name": "C"}]
    edge["spec"]["selector"]["matchLabels"]["a/b"] = "c"
    edge["spec"]["replicas"] = 1
    path = "/spec/template/spec/containers/0/env"
    assert removals(resources, {"deployment/edge": edge}) == {
        "deployment/edge": [
            {"op": "remove", "path": f"{path}/2"},
            {"op": "remove", "path": f"{path}/0"},
            {"op": "remove", "path": "/spec/selector/matchLabels/a~1b"},
        ]
    }
    assert removals(resources, {"deployment/edge": EDGE}) == {}
