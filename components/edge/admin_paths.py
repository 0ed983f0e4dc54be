"""The paths of LiteLLM's administration: its management routes, the Admin UI and its login.

What clients ask models by is everything else: `/v1/…`, `/chat/completions`, providers' own APIs, MCP.
"""

FIRST_SEGMENTS = (
    "access_group", "add", "alerting", "audit", "auto_router", "budget", "cache", "callbacks", "compliance", "config",
    "config_overrides", "cost", "credentials", "customer", "debug", "delete", "email", "end_user", "fallback",
    "gateway", "get", "global", "invitation", "jwt", "key", "lens", "litellm", "login", "logout", "management",
    "memory-usage-in-mem-cache", "memory-usage-in-mem-cache-items", "model", "onboarding", "organization", "otel-spans",
    "policies", "project", "prompt", "reload", "schedule", "scim", "search_tools", "session", "settings", "spend",
    "sso", "tag", "team", "telemetry", "ui", "update", "upload", "usage", "user",
)  # fmt: skip
"""A path is administration if it begins with one of these."""
VERSIONED = ("v1/access_group", "v1/mcp/server", "v2/guardrails", "v2/key", "v2/login", "v2/model", "v2/team",
             "v2/user", "v3/login")  # fmt: skip
"""Administration below a version."""
FOR_CLIENTS = ("/model/info",)
"""What clients ask too, of the above."""


def rules(root_path: str) -> list[str]:
    """Return HAProxy's rules for the condition `admin`: the request is administration.

    LiteLLM compares decoded paths, so an encoded letter is the letter.
    """
    roots = dict.fromkeys(("", root_path))
    segments = "|".join((*FIRST_SEGMENTS, *VERSIONED))
    root = f"({root_path.replace('.', '[.]')})?" if root_path else ""
    for_clients = " ".join(f"{each}{path}" for each in roots for path in FOR_CLIENTS)
    matches = f"path,url_dec -m reg '^{root}/({segments})(/|$)'"
    return [
        f"http-request set-var(txn.admin) bool(true) if {{ {matches} }} !{{ path,url_dec -m str {for_clients} }}",
        "acl admin var(txn.admin) -m bool",
    ]
