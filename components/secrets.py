"""The secrets that a stack generates for itself, once."""

import hashlib
from dataclasses import dataclass

import pulumi
import pulumi_random as random

SALT_KEY_IS_KEPT = (
    "the salt key must not be replaced or deleted: it encrypts every credential that LiteLLM stores in Postgres,"
    " and without it they are unreadable for ever"
)
FINGERPRINT_DOMAIN = b"gateway salt key fingerprint\0"
"""Makes the fingerprint differ from any other program's hash of the same key."""
KEY_PREFIX = "sk-"
"""LiteLLM requires it of its master key and recommends it for the salt key."""


@dataclass(frozen=True)
class SecretsArgs:
    """How secrets are generated."""

    protect: bool
    """Whether the salt key refuses deletion."""
    master_key_generation: int = 1
    """Another number generates another master key. What LiteLLM stored stays readable, by the salt key."""
    master_key: pulumi.Input[str] | None = None
    """A given master key, the first generation; None: it is generated too."""
    salt_key: str | None = None
    """A given salt key, of any form; None: it is generated."""
    before_first: pulumi.ResourceHook | None = None
    """Runs before the salt key is generated, once in the life of a state, at its preview too. It may refuse."""


def fingerprint(salt_key: str) -> str:
    """Return 16 hex digits that identify the salt key and do not reveal it."""
    return hashlib.sha256(FINGERPRINT_DOMAIN + salt_key.encode()).hexdigest()[:16]


class Secrets(pulumi.ComponentResource):
    """Generated keys and passwords. They live encrypted in the stack's state; Pulumi marks all outputs secret."""

    master_key: pulumi.Output[str]
    """LiteLLM's admin key, starts with `sk-`."""
    salt_key: pulumi.Output[str]
    """Encrypts the credentials that LiteLLM stores in Postgres. It never changes."""
    postgres_password: pulumi.Output[str]
    """URL-safe: LiteLLM reads it inside a connection URL."""
    redis_password: pulumi.Output[str]
    first: random.RandomPassword
    """What is created before everything else of the stack."""

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Generate each secret on the first update and keep it."""
        super().__init__("gateway:index:Secrets", name, {}, opts)
        keep = _keep_salt_key() if args.protect else None
        self.first = self._generate_salt_key(keep, args.before_first)
        self.salt_key = pulumi.Output.concat(KEY_PREFIX, self.first.result)
        if args.salt_key is not None:
            self.salt_key = pulumi.Output.secret(args.salt_key)
        self._pin(self.salt_key, keep)
        master_key = self._generate("master-key", 48, generation=args.master_key_generation).result
        self.master_key = (
            pulumi.Output.secret(args.master_key)
            if args.master_key is not None and args.master_key_generation == 1
            else pulumi.Output.concat(KEY_PREFIX, master_key)
        )
        self.postgres_password = self._generate("postgres-password", 40).result
        self.redis_password = self._generate("redis-password", 40).result
        self.register_outputs(
            {
                "master_key": self.master_key,
                "salt_key": self.salt_key,
                "postgres_password": self.postgres_password,
                "redis_password": self.redis_password,
            }
        )

    def _pin(self, salt_key: pulumi.Output[str], before_delete: pulumi.ResourceHook | None) -> None:
        """Keep the salt key's fingerprint in the state: another key is a replacement, and refused."""
        random.RandomId(
            "salt-key-fingerprint",
            byte_length=1,
            keepers={"fingerprint": pulumi.Output.unsecret(salt_key.apply(fingerprint))},
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[self.first],
                protect=before_delete is not None,
                hooks=pulumi.ResourceHookBinding(before_delete=[before_delete]) if before_delete else None,
            ),
        )

    def _generate_salt_key(
        self, before_delete: pulumi.ResourceHook | None, before_create: pulumi.ResourceHook | None
    ) -> random.RandomPassword:
        hooks = pulumi.ResourceHookBinding(
            before_create=[before_create] if before_create else None,
            before_delete=[before_delete] if before_delete else None,
        )
        options = pulumi.ResourceOptions(
            parent=self,
            protect=before_delete is not None,
            ignore_changes=["length", "special", "keepers"],
            hooks=hooks,
        )
        return random.RandomPassword("salt-key", length=64, special=False, opts=options)

    def _generate(self, name: str, length: int, *, generation: int = 1) -> random.RandomPassword:
        """Generate a password of letters and digits, so that URLs, shells and configuration files need no quoting."""
        return random.RandomPassword(
            name,
            length=length,
            special=False,
            keepers={"generation": str(generation)} if generation > 1 else None,
            # An imported password has no such arguments; it must not be replaced for that.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.first], ignore_changes=["length", "special"]),
        )


def _keep_salt_key() -> pulumi.ResourceHook:
    """Return the hook that states the consequence at a preview. Pulumi's `protect` alone does not."""

    def refuse(_: pulumi.ResourceHookArgs) -> None:
        raise pulumi.RunError(SALT_KEY_IS_KEPT)

    return pulumi.ResourceHook("keep-salt-key", refuse, pulumi.ResourceHookOptions(on_dry_run=True))
