"""What a change does, and that no change changes nothing."""

import re

import httpx
import pytest

from tests.e2e.project import Project

PREVIEW_GOAL = 5.0
"""Seconds for a preview without a change."""
STORED_KEY = "sk-stored-provider-key"


def test_three_previews_in_a_row_show_no_change(gateway: Project) -> None:
    seconds = [gateway.must("preview", "--expect-no-changes").seconds for _ in range(3)]
    # Printed, not asserted: what else the machine does makes a preview slower.
    print(f"\nno-change previews: {', '.join(f'{each:.1f} s' for each in seconds)} (goal {PREVIEW_GOAL:.0f} s)")


def test_a_second_up_changes_nothing(gateway: Project) -> None:
    gateway.must("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_the_engine_holds_what_the_state_says(gateway: Project) -> None:
    gateway.must("refresh", "--preview-only", "--expect-no-changes")


@pytest.fixture
def stored_model(proxy: httpx.Client) -> str:
    """A model stored in the database with a credential of its own."""
    name = "stored-model"
    parameters = {"model": "openai/gpt-stored", "api_base": "http://provider:8090/openai/v1", "api_key": STORED_KEY}
    answer = proxy.post("/model/new", json={"model_name": name, "litellm_params": parameters})
    assert answer.status_code == 200, answer.text
    return name


def answers(proxy: httpx.Client, model: str) -> bool:
    body = {"model": model, "messages": [{"role": "user", "content": "ping"}]}
    return proxy.post("/v1/chat/completions", json=body).is_success


def test_a_stored_model_is_unreadable_at_rest_and_survives_the_replacement_of_litellm(
    gateway: Project, proxy: httpx.Client, stored_model: str
) -> None:
    row = gateway.sql(f"""select litellm_params from "LiteLLM_ProxyModelTable" where model_name = '{stored_model}'""")
    assert row
    assert STORED_KEY not in row
    assert "provider:8090" not in row
    assert answers(proxy, stored_model)
    before = gateway.container("litellm-1").id

    gateway.change("gateway:litellm.config.cooldown_time", 61)
    preview = gateway.must("preview", "--diff").output
    assert re.search(r"cooldown_time *: 60 => 61", preview), preview
    result = gateway.must("up", "--yes", "--skip-preview")

    print(f"\nreplacement of the LiteLLM container took {result.seconds:.1f} s")
    assert gateway.container("litellm-1").id != before
    assert answers(proxy, stored_model)
