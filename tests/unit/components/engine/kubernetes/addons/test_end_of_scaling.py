"""The autoscaler is gone before the number of replicas is the program's again."""

from typing import Any, cast

import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.kubernetes.addons.end_of_scaling import end_scaling
from components.engine.kubernetes.cluster.client import Cluster

SCALED = "/apis/keda.sh/v1alpha1/namespaces/gateway-test/scaledobjects/litellm"
AUTOSCALER = "/apis/autoscaling/v2/namespaces/gateway-test/horizontalpodautoscalers/keda-hpa-litellm"


class Answers:
    """A cluster whose objects go some questions after they were deleted."""

    def __init__(self, *paths: str, questions: int = 2) -> None:
        self.left = dict.fromkeys(paths, questions)
        self.deleted: list[str] = []

    def find(self, path: str) -> dict[str, Any] | None:
        left = self.left.get(path, 0)
        if self.deleted and left:
            self.left[path] -= 1
        return {"metadata": {}} if left else None

    def delete(self, path: str) -> None:
        self.deleted.append(path)


def ended(answers: Answers, seconds: float = 30) -> None:
    end_scaling(cast("Cluster", answers), "gateway-test", "litellm", seconds)


def test_scaled_object_and_its_autoscaler_are_waited_for() -> None:
    answers = Answers(SCALED, AUTOSCALER)
    ended(answers)
    assert answers.deleted == [SCALED]
    assert answers.left == {SCALED: 0, AUTOSCALER: 0}


def test_nothing_is_deleted_where_nothing_scales() -> None:
    answers = Answers()
    ended(answers)
    assert answers.deleted == []


def test_autoscaler_that_stays_fails_the_update_in_a_sentence() -> None:
    with pytest.raises(TimeoutError, match=r"^KEDA did not let go of the ScaledObject litellm within 0 s$"):
        ended(Answers(SCALED, AUTOSCALER, questions=1000), seconds=0)
