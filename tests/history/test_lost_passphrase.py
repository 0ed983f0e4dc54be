"""The runbook's section on a lost passphrase, followed to the letter: it removes the stack and makes another."""

import secrets

import yaml

from testbed.project import Project
from tests.history.client import Client
from tests.history.runbook import blocks, run, salt_key

PROVIDER_KEYS = "gateway:provider_keys"


def test_without_the_passphrase_a_new_stack_has_the_data_and_the_old_keys_work(
    gateway: Project, client: Client
) -> None:
    save, dump, remove, begin, bring_back = blocks("The passphrase is lost")
    client.ask()
    before, kept = salt_key(gateway), client.kept()
    gateway.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = "/dev/null"
    assert "STOP" not in run(gateway, save)
    run(gateway, dump)
    run(gateway, remove)

    document = yaml.safe_load(gateway.config_file.read_text())
    document.pop("encryptionsalt")
    document["config"].pop(PROVIDER_KEYS, None)
    gateway.config_file.write_text(yaml.safe_dump(document))
    gateway.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(gateway.folder / "passphrase")
    run(gateway, begin, **{r"bootstrap/run.*": "mkdir state; head -c 24 /dev/urandom | base64 > passphrase"})

    (name,) = [file.stem for file in (gateway.folder / ".cache" / "saved-dumps").glob("*manual*.dump")][-1:]
    run(gateway, bring_back, secrets.token_hex(16), NAME=name, **{"--drop-old": "--drop-old --yes"})
    assert salt_key(gateway) == before
    assert not list((gateway.folder / ".cache").glob("saved-s*"))
    client.proxy_url = gateway.output("proxy_url")
    client.ask()
    after = client.kept()
    assert (after.keys, after.models) == (kept.keys, kept.models)
    assert after.spend_logs >= kept.spend_logs
