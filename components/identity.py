"""The identity of a stack: it tells two stacks of one name apart that meet on one engine."""

import hashlib
from collections.abc import Collection, Mapping

import pulumi
import pulumi_random as random

from components.engine.ownership import EngineObject, refusal, strangers
from components.secrets import SALT_KEY_IS_KEPT

IDENTITY_DOMAIN = b"gateway identity\0"
"""Makes the identity differ from any other program's hash of the same key."""
IDENTITY_KEEPER = "identity"
"""Keeper of the salt key that gives the identity instead: of a state that was rebuilt, whose objects are older."""


def identity_of(salt_key: str, keepers: Mapping[str, str] | None) -> str:
    """Return 16 hex digits that stay as long as the generated salt key, which is made once for each state."""
    given = (keepers or {}).get(IDENTITY_KEEPER)
    return given or hashlib.sha256(IDENTITY_DOMAIN + salt_key.encode()).hexdigest()[:16]


def checked_identity(
    salt_key: random.RandomPassword, stack: str, objects: Collection[EngineObject]
) -> pulumi.Output[str]:
    """Return the identity, which is known only if the engine has no object of another one. Everything waits for it.

    Args:
        salt_key: the generated one, also where the stack is given another.
        stack: name of the stack.
        objects: what the engine has of a stack of this name.
    """
    # A preview takes keepers that are not there for unknown ones, and would not check; a future of them is None.
    generated = pulumi.Output.all(salt_key.result, salt_key.keepers.future())
    # Like the fingerprint, it does not reveal the key.
    return pulumi.Output.unsecret(
        generated.apply(lambda generated: require_own(identity_of(generated[0], generated[1]), stack, objects))
    )


def require_own(identity: str, stack: str, objects: Collection[EngineObject]) -> str:
    """Return the identity.

    Raises:
        pulumi.RunError: if the engine has an object of another one.
    """
    if foreign := strangers(objects, identity):
        raise pulumi.RunError(refusal(stack, foreign, objects))
    return identity


def refuse_second_state(stack: str, objects: Collection[EngineObject]) -> pulumi.ResourceHook:
    """Return the hook that refuses to make a salt key beside objects: another state made them, or this one has a key.

    The key is the first thing that a state gets. Pulumi does not tell a hook whether it replaces another one.
    """

    def check(_: pulumi.ResourceHookArgs) -> None:
        if objects:
            raise pulumi.RunError(f"{refusal(stack, objects, objects)}; if this state made them, {SALT_KEY_IS_KEPT}")

    return pulumi.ResourceHook("no-second-state", check, pulumi.ResourceHookOptions(on_dry_run=True))
