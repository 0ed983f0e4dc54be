"""Repair a stack on a cluster."""

from collections.abc import Mapping, Sequence

from pulumi.automation import OutputMap, Stack

from components.engine.ownership import EngineObject
from ops.repair.cluster_drift import Manifest, ObservedNamespace, changes, observe_namespace, of_resource
from ops.repair.repair_plan import Issue, RepairAction, ended_updates, in_order
from ops.stack.backend.state_lock import StateLock, state_locks
from ops.stack.engines.engine import cluster_of
from ops.stack.state import NAMESPACE, RecordedResource, pending_operations, recorded_resources, stack_identity
from ops.stack.update_message import with_author
from ops.update.stopwatch import Stopwatch

TAKE_OVER = "PULUMI_K8S_ENABLE_PATCH_FORCE"
"""Lets an update change back what another program has changed: else the cluster calls it a conflict."""
CLAIM = "persistentvolumeclaim/"


def examine_namespace(stack: Stack) -> list[Issue]:
    """Compare the state with the cluster; return what is wrong.

    Raises:
        OperationError: if the cluster does not answer.
    """
    deployment = stack.export_stack().deployment
    resources = recorded_resources(deployment)
    observed = observe_namespace(stack.name, resources, stack_identity(deployment))
    return cluster_issues(state_locks(stack), pending_operations(deployment), resources, observed)


def cluster_issues(
    locks: Sequence[StateLock],
    operations: Sequence[str],
    resources: Sequence[RecordedResource],
    observed: ObservedNamespace,
) -> list[Issue]:
    """Return what is wrong, in the order of the actions; `operations` are those that never ended.

    A pod that is not ready is none: the cluster starts it again by itself, and `health` says what it lacks.
    """
    drifts = [drift for resource in resources for drift in of_resource(resource, observed.manifests)]
    return in_order(
        [
            *ended_updates(locks, operations),
            *(Issue(str(drift), RepairAction.UPDATE) for drift in drifts),
            *(_orphan(object_) for object_ in observed.orphans),
        ]
    )


def repair_namespace(stack: Stack, issues: Sequence[Issue], stopwatch: Stopwatch) -> OutputMap:
    """Do the action of each issue, some before the update and some after it; return the stack's outputs."""
    actions = {issue.action for issue in issues}
    if RepairAction.UNLOCK in actions:
        stack.cancel()
    if RepairAction.REFRESH in actions:
        stack.refresh(clear_pending_creates=True, on_output=print, message=with_author("recover: refresh"))
    remove_additions(stack)
    stack.workspace.env_vars = {**stack.workspace.env_vars, TAKE_OVER: "true"}
    result = stack.up(refresh=True, on_output=print, on_event=stopwatch.watch, message=with_author("recover"))
    deployment = stack.export_stack().deployment
    # The update may have taken some of them into the state.
    observed = observe_namespace(stack.name, recorded_resources(deployment), stack_identity(deployment))
    engine = cluster_of(stack.name)
    for object_ in observed.orphans:
        if not object_.id.startswith(CLAIM):
            engine.remove(object_)
    return result.outputs


def remove_additions(stack: Stack) -> None:
    """Remove what others added to objects: an update changes and removes only what it has written itself."""
    deployment = stack.export_stack().deployment
    resources, cluster = recorded_resources(deployment), cluster_of(stack.name)
    for id_, operations in removals(resources, cluster.manifests()).items():
        print(f"removing what was added to {id_}")
        cluster.patch(id_, operations)


def removals(
    resources: Sequence[RecordedResource], manifests: Mapping[str, Manifest]
) -> dict[str, list[dict[str, str]]]:
    """Return the JSON Patch of each object that has more than its inputs, by kind and name."""
    found = {}
    for resource in resources:
        if resource.id in manifests and not resource.pending_delete and resource.type != NAMESPACE:
            added = [each.pointer for each in changes(resource, manifests[resource.id]) if each.is_added]
            # From the end of a list: the others keep their places.
            if added:
                found[resource.id] = [{"op": "remove", "path": pointer} for pointer in reversed(added)]
    return found


def _orphan(object_: EngineObject) -> Issue:
    action = RepairAction.KEEP_CLAIM if object_.id.startswith(CLAIM) else RepairAction.REMOVE_LAST
    return Issue(f"{object_.name} is not in the state", action, object_=object_)
