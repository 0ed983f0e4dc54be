"""The settings of the replicas."""

import pytest
from pydantic import ValidationError

from components.litellm.settings import LiteLLMSettings


@pytest.mark.parametrize("cpuset", ["0", "12", "0-3", "1-"])
def test_cpuset_is_one_processor_or_a_range(cpuset: str) -> None:
    assert LiteLLMSettings(cpuset=cpuset).cpuset == cpuset


@pytest.mark.parametrize("cpuset", ["", "-3", "0,2", "a", "0-3-5", "0 -3"])
def test_other_text_is_no_cpuset(cpuset: str) -> None:
    with pytest.raises(ValidationError, match="cpuset"):
        LiteLLMSettings(cpuset=cpuset)


@pytest.mark.parametrize("changes", [{"stop_timeout": 3601}, {"startup_timeout": 9}, {"memory_mib": 1023}], ids=str)
def test_number_out_of_bounds_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        LiteLLMSettings.model_validate(changes)


def test_default_stop_outlasts_the_default_request() -> None:
    assert LiteLLMSettings().stop_timeout >= LiteLLMSettings().config.request_timeout
