"""The secrets that a stack makes for itself, once."""

import pulumi
import pulumi_random as random

SALT_KEY_IS_KEPT = (
    "the salt key must not be replaced or deleted: it encrypts every credential that LiteLLM stores in Postgres,"
    " and without it they are unreadable for ever"
)
KEY_PREFIX = "sk-"
"""LiteLLM expects it of its master key and recommends it for the salt key."""


class Secrets(pulumi.ComponentResource):
    """Generated keys and passwords. They live encrypted in the stack's state; Pulumi marks all outputs secret."""

    master_key: pulumi.Output[str]
    """LiteLLM's admin key, starts with `sk-`."""
    salt_key: pulumi.Output[str]
    """Encrypts the credentials LiteLLM stores in Postgres. Never changes: what it encrypted would be unreadable."""
    postgres_password: pulumi.Output[str]
    """URL-safe: LiteLLM reads it inside a connection URL."""
    redis_password: pulumi.Output[str]

    def __init__(
        self, *, protect: bool, master_key_generation: int = 1, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Generate each secret on the first update and keep it; `protect` refuses to delete the salt key.

        Another `master_key_generation` makes another master key; what is stored stays readable, by the salt key.
        """
        super().__init__("gateway:index:Secrets", "secrets", {}, opts)
        master_key = self._generate("master-key", 48, generation=master_key_generation)
        self.master_key = pulumi.Output.concat(KEY_PREFIX, master_key)
        salt_key = self._generate("salt-key", 64, keep=_keep_salt_key() if protect else None, once=True)
        self.salt_key = pulumi.Output.concat(KEY_PREFIX, salt_key)
        self.postgres_password = self._generate("postgres-password", 40)
        self.redis_password = self._generate("redis-password", 40)
        self.register_outputs({})

    def _generate(
        self,
        name: str,
        length: int,
        *,
        keep: pulumi.ResourceHook | None = None,
        once: bool = False,
        generation: int = 1,
    ) -> pulumi.Output[str]:
        """Letters and digits only, so that URLs, shells and configuration files need no quoting."""
        password = random.RandomPassword(
            name,
            length=length,
            special=False,
            keepers={"generation": str(generation)} if generation > 1 else None,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=keep is not None,
                ignore_changes=["length", "special", "keepers"] if once else None,
                hooks=pulumi.ResourceHookBinding(before_delete=[keep]) if keep else None,
            ),
        )
        return password.result


def _keep_salt_key() -> pulumi.ResourceHook:
    """Give the hook that names the consequence at a preview; `protect` alone would say nothing of it."""

    def refuse(_: pulumi.ResourceHookArgs) -> None:
        raise pulumi.RunError(SALT_KEY_IS_KEPT)

    return pulumi.ResourceHook("keep-salt-key", refuse, pulumi.ResourceHookOptions(on_dry_run=True))
