"""The master key and the salt key stay as they are, whatever their form."""

from components.stack.settings import WEAK_KEYS
from ops.adopt.draft import Draft, Kind, Outcome, Place
from ops.adopt.old.variables import REFERENCE, Variables
from ops.adopt.old.yaml_file import YamlFile
from ops.errors import OperationError

MASTER, SALT = "LITELLM_MASTER_KEY", "LITELLM_SALT_KEY"
NO_MASTER_KEY = "the old files hold no master key: anybody could use the deployment. A new one is generated"
WEAK = "a well-known example, which LiteLLM refuses; a new master key is generated"
SALT_IS_MASTER = (
    "the salt key was never set, so the master key encrypts what LiteLLM stored; salt_key is that key, and must stay it"
    " when the master key is replaced"
)


def map_keys(config: YamlFile, draft: Draft, variables: Variables) -> None:
    """Put both keys into the draft. `general_settings.master_key` comes before the variable, as LiteLLM has it.

    Raises:
        OperationError: if the configuration refers to a variable that nothing sets.
    """
    general = config.values.get("general_settings")
    written = general.get("master_key") if isinstance(general, dict) else None
    path = ("general_settings", "master_key")
    place = Place(config.name, path, config.line(path))
    master, origin = variables.get(MASTER), MASTER
    if isinstance(written, str) and written.startswith(REFERENCE):
        origin = written.removeprefix(REFERENCE)
        master = variables.get(origin)
        if master is None:
            raise OperationError(f"{place}: refers to {origin}, which the old files do not set; give them with --env")
        draft.outcome(place, Outcome(Kind.STACK, "master_key", f"from {origin}"))
    elif written:
        master, origin = str(written), ""
        draft.secret("master_key", master, place)
    _master(draft, variables, master, origin, place)
    _salt(draft, variables, master, place)
    if origin != MASTER and MASTER in variables.found:
        outcome = Outcome(Kind.NONE, note="general_settings.master_key comes before it")
        variables.take(MASTER, draft, outcome)


def _master(draft: Draft, variables: Variables, master: str | None, origin: str, place: Place) -> None:
    if master is None:
        draft.notes.append(NO_MASTER_KEY)
        if MASTER in variables.found:
            variables.take(MASTER, draft, Outcome(Kind.NONE, note="is empty; a new one is generated"))
        return
    if master in WEAK_KEYS:
        draft.secrets.pop("master_key", None)
        draft.notes.append(f"the master key is {WEAK}")
        if origin:
            variables.take(origin, draft, Outcome(Kind.NONE, note=WEAK))
        draft.no_counterpart(place, WEAK)
    elif origin:
        variables.secret(origin, draft, "master_key", "encrypted, as it is")


def _salt(draft: Draft, variables: Variables, master: str | None, place: Place) -> None:
    if variables.get(SALT):
        variables.secret(SALT, draft, "salt_key", "encrypted, as it is")
        return
    if SALT in variables.found:
        variables.take(SALT, draft, Outcome(Kind.NONE, note="is empty: the master key encrypts"))
    if SALT in variables.unpassed:
        outcome = Outcome(Kind.NONE, note="the Compose file did not pass it to LiteLLM, so the master key encrypts")
        variables.take(SALT, draft, outcome)
    if master is not None:
        draft.secrets["salt_key"] = master
        draft.sources["salt_key"] = place
        draft.notes.append(SALT_IS_MASTER)
