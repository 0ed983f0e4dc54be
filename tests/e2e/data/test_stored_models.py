"""Models that are stored in the database, with their providers' credentials."""

import httpx

from testbed.project import Project
from tests.e2e.data.stored_key import new_stored_key

CREDENTIAL = "sk-a-stored-credential"
MODEL = "stored-and-encrypted"


def test_a_stored_model_is_encrypted_and_survives_a_new_replica(gateway: Project, proxy: httpx.Client) -> None:
    stored = new_stored_key(gateway, proxy, MODEL, CREDENTIAL)
    row = gateway.sql(f"""select litellm_params from "LiteLLM_ProxyModelTable" where model_name = '{MODEL}'""")
    assert row
    assert CREDENTIAL not in row
    assert "provider:8090" not in row
    before = gateway.container("litellm-1").id
    with gateway.changed({"gateway:litellm.config.cooldown_time": 61}):
        assert gateway.container("litellm-1").id != before
        assert stored.works()
