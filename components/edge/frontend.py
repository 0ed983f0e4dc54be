"""The edge's frontends for clients: what is refused, who asks, and which backend serves it."""

from components.edge import admin_paths, backends
from components.edge.acme import haproxy as acme
from components.edge.settings import EdgeSettings
from components.engine.workload import CONFIG_FOLDER, SECRETS_FOLDER
from components.litellm.component import ALIAS as LITELLM
from components.litellm.worker.hooks.body_memory import LIMITS

PROXY_PORT = 4000
SECURE_PORT = 4443
REDIRECT_PORT = 4080
CERTIFICATE_FILE = "certificate.pem"
CLIENT_CA_FILE = "client-ca.pem"
RETRY = " hdr Retry-After 5"
"""Tells a client that was refused for too much load when to come back, in seconds."""
HOST = "req.hdr(host),host_only,lower -m str"
"""The host name of a request."""
HSTS_SECONDS = 63_072_000
"""Two years."""
HSTS = f'http-response set-header Strict-Transport-Security "max-age={HSTS_SECONDS}" if {{ ssl_fc }}'
BODY_SECONDS = 30
"""For the beginning of a JSON body to arrive, or all of a small one."""
LARGE_BODY_BYTES = 4 * 2**20
"""A larger body may have to wait for a worker's memory, and does so apart from the requests of everybody."""
MAX_HOPS = 3
"""Trusted proxies in a row."""
FORWARDED = ("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-IP")
"""What a proxy says of its client, beside X-Forwarded-For."""
KEY_HEADERS = ("Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "X-LiteLLM-Api-Key",
               "Ocp-Apim-Subscription-Key")  # fmt: skip
"""Where LiteLLM finds a caller's key."""

WAIT_FOR_A_REPLICA = (
    "tcp-request inspect-delay 2s",
    "tcp-request content accept if {known} or {{ stopping }}",
    "tcp-request content accept if WAIT_END",
)
"""An edge that has just started knows no replica for some tenths of a second: requests wait that long.
An edge that stops counts no replica any more, and serves those it knows until its last connection ends."""


def frontends(
    settings: EdgeSettings, concurrency: int, replicas: int, root_path: str, *, behind_ingress: bool = True
) -> str:
    """Return the frontend that takes clients' requests, from the ingress or by themselves, and the one that redirects.

    The ingress begins each connection with the PROXY protocol. Where there is none, only balancers of the settings may.
    """
    accept = " accept-proxy" if behind_ingress else ""
    expect = [] if behind_ingress else expect_proxy(settings)
    known = " ".join(f"{{ nbsrv({name}) gt 0 }}" for name in backends.names(settings))
    lines = [
        f"bind :{PROXY_PORT}{accept}",
        *([_secure_bind(settings, accept)] if settings.https_port else []),
        *expect,
        # HAProxy processes them before all other rules, wherever they stand.
        *(line.format(known=known) for line in WAIT_FOR_A_REPLICA),
        # A client may just be sending on an idle connection when the edge stops: it is answered, then closed.
        "option idle-close-on-response",
        *([HSTS] if settings.https_port else []),
        *acme.challenge(settings.acme),
        *_client_address(settings),
        *admin_paths.rules(root_path),
        *_refusals(settings, root_path),
        f"acl large_body req.body_size gt {LARGE_BODY_BYTES}",
        *_shares(settings, backends.share(settings, concurrency, replicas)),
        *_queues_full(settings),
        *acme.use_backend(settings.acme),
        *(f"use_backend {backend} if {condition}" for backend, condition in _apart(settings)),
        f"default_backend {LITELLM}",
    ]
    redirect = _redirect(settings, accept, expect) if settings.redirect_port else ""
    return "frontend proxy\n" + "".join(f"  {line}\n" for line in lines).rstrip() + redirect


def expect_proxy(settings: EdgeSettings) -> list[str]:
    """Return the rule that takes the PROXY protocol from own balancers, and from nobody else."""
    balancers = " ".join(settings.proxy_protocol_from)
    return [f"tcp-request connection expect-proxy layer4 if {{ src {balancers} }}"] if balancers else []


def _secure_bind(settings: EdgeSettings, accept: str) -> str:
    certificate = acme.bind() if settings.acme.enabled else f"crt {SECRETS_FOLDER}/{CERTIFICATE_FILE}"
    client = f" ca-file {CONFIG_FOLDER}/{CLIENT_CA_FILE} verify optional" if settings.client_ca else ""
    return f"bind :{SECURE_PORT}{accept} ssl {certificate} ssl-min-ver TLSv1.2 alpn h2,http/1.1{client}"


def _client_address(settings: EdgeSettings) -> list[str]:
    """Return the rules that say who asks, and whether over TLS: as the ingress says, or a trusted proxy."""
    removed = [f"http-request del-header {name}" for name in FORWARDED]
    name = "X-Forwarded-For"
    if settings.trusted_proxies:
        removed = [f"{rule} unless trusted" for rule in removed]
        source = [
            f"http-request set-src req.hdr_ip({name},-{hop}) if trusted {{ req.hdr_cnt({name}) ge {hop} }}"
            for hop in range(1, MAX_HOPS + 1)
        ]
        removed = [f"acl trusted src {' '.join(settings.trusted_proxies)}", *removed, *source]
    return [
        *removed,
        f"http-request del-header {name}",
        "option forwardfor",
        *(["http-request set-header X-Forwarded-Proto https if { ssl_fc }"] if settings.https_port else []),
    ]


def _refusals(settings: EdgeSettings, root_path: str) -> list[str]:
    metrics = dict.fromkeys(("/metrics", f"{root_path}/metrics"))
    hosts, admins = " ".join(settings.allowed_hosts), " ".join(settings.admin_addresses)
    certified = "{ ssl_fc } !{ ssl_c_used } !{ path -m beg /health/ }"
    refused = [
        *([(421, "this host name is not served here", f"unless {{ {HOST} {hosts} }}")] if hosts else []),
        *([(403, "a client certificate is needed", f"if {certified}")] if settings.client_ca else []),
        # Any key could read everybody's spend there; Prometheus asks each replica, on the private network.
        (404, "metrics are private", f"if {{ path,url_dec -m beg {' '.join(metrics)} }}"),
        *([(403, "administration is not allowed from here", f"if admin !{{ src {admins} }}")] if admins else []),
        (431, "the headers are too large", f"if {{ req.hdrs,length gt {settings.max_header_bytes} }}"),
        # A body that states no size is counted by the replica as it arrives.
        (413, f"the body is larger than {settings.max_body_mib} MiB",
         f"if {{ req.body_size gt {settings.max_body_mib * 2**20} }}"),
    ]  # fmt: skip
    limits = f'"{settings.max_body_mib * 2**20} {settings.queue_timeout}"'
    return [
        *(f"http-request return status {status} {json(text)} {condition}" for status, text, condition in refused),
        f"http-request set-header {LIMITS.decode()} {limits}",
    ]


def _shares(settings: EdgeSettings, share: int) -> list[str]:
    """Return the rules that find a key and a model with more than their share; none where nothing is shared."""
    if settings.fair_share_percent == 100:
        return []
    first, *others = KEY_HEADERS
    return [
        f"http-request set-var(txn.caller) req.hdr({first})",
        *(f"http-request set-var(txn.caller) req.hdr({name}) unless {{ var(txn.caller) -m found }}" for name in others),
        "http-request set-var(txn.caller) src unless { var(txn.caller) -m found }",
        "acl json req.hdr(content-type) -m sub json",
        # The model's name is known if it stands in the first 15 KiB. Beyond, LiteLLM's own limit of each deployment
        # holds.
        f"http-request wait-for-body time {BODY_SECONDS}s if json !admin",
        "http-request set-var(txn.model) req.body,json_query('$.model') if json !admin",
        "http-request track-sc0 var(txn.caller),sha1 table callers unless admin",
        "http-request track-sc1 var(txn.model) table models if !admin { var(txn.model) -m found }",
        f"acl busy_caller sc_conn_cur(0) gt {share}",
        f"acl busy_model sc_conn_cur(1) gt {share}",
    ]


def _apart(settings: EdgeSettings) -> list[tuple[str, str]]:
    """Return the backends beside the one for everybody, each with its condition. The first that holds counts."""
    busy = [(backends.BUSY_CALLER, "busy_caller"), (backends.BUSY_MODEL, "busy_model")]
    shared = settings.fair_share_percent != 100
    return [(backends.ADMIN, "admin"), (backends.LARGE_BODY, "large_body"), *(busy if shared else [])]


def _queues_full(settings: EdgeSettings) -> list[str]:
    """Return the rules that refuse what finds the queue of its backend full."""
    rules, otherwise = [], ""
    for backend, condition in _apart(settings):
        rules.append(_queue_full(backend, settings, f"{otherwise}{condition}"))
        otherwise += f"!{condition} "
    return [*rules, _queue_full(LITELLM, settings, otherwise.rstrip())]


def _queue_full(backend: str, settings: EdgeSettings, condition: str) -> str:
    full = f"{{ queue({backend}) ge {settings.queue_length} }}"
    return f"http-request return status 429 {json('too many requests wait')}{RETRY} if {condition} {full}"


def _redirect(settings: EdgeSettings, accept: str, expect: list[str]) -> str:
    port = "" if settings.https_port == 443 else f":{settings.https_port}"
    lines = [
        f"bind :{REDIRECT_PORT}{accept}",
        *expect,
        *acme.challenge(settings.acme),
        f"http-request redirect code 308 location https://%[req.hdr(host),host_only]{port}%[pathq]",
        *acme.use_backend(settings.acme),
    ]
    return "\n\nfrontend redirect\n" + "".join(f"  {line}\n" for line in lines).rstrip()


def json(message: str) -> str:
    """Return an answer's body in the form that OpenAI's clients read."""
    return f"""content-type application/json string '{{"error":{{"message":"{message}","type":"gateway"}}}}'"""
