"""The secrets that a stack makes for itself, once."""

import pulumi
import pulumi_random as random

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
        self.salt_key = pulumi.Output.concat(KEY_PREFIX, self._generate("salt-key", 64, protect=protect, once=True))
        self.postgres_password = self._generate("postgres-password", 40)
        self.redis_password = self._generate("redis-password", 40)
        self.register_outputs({})

    def _generate(
        self, name: str, length: int, *, protect: bool = False, once: bool = False, generation: int = 1
    ) -> pulumi.Output[str]:
        """Letters and digits only, so that URLs, shells and configuration files need no quoting."""
        password = random.RandomPassword(
            name,
            length=length,
            special=False,
            keepers={"generation": str(generation)} if generation > 1 else None,
            opts=pulumi.ResourceOptions(
                parent=self, protect=protect, ignore_changes=["length", "special", "keepers"] if once else None
            ),
        )
        return password.result
