"""Images that cannot open a stack's data are refused."""

from unittest.mock import Mock

import pulumi
import pytest
from docker.errors import DockerException

from components.engine.host import data_version
from components.engine.host.data_version import (
    DATA_STORES,
    Server,
    Version,
    check,
    refusals,
    running_servers,
    version_in,
)
from components.images.catalog import IMAGES
from components.images.source import ImageSource, image_reference
from tests.unit.exec_api import Ended, ExecApi

IMAGE_OF = {source: {name: image_reference(name, source) for name in IMAGES} for source in ImageSource}


def running(name: str, version: Version) -> Server:
    return Server(DATA_STORES[name].product, version)


@pytest.mark.parametrize(
    ("name", "version", "image", "refused"),
    [
        ("redis", (7, 2), "localhost/gateway/redis:7.0-ab12cd34", True),
        ("redis", (7, 0), "docker.io/library/redis:7.2.16-bookworm", False),
        ("redis", (7, 2), "docker.io/library/redis:8.0", False),
        ("redis", (7, 2), "redis:latest", False),
        ("postgres", (15, 20), "localhost/gateway/postgres:15-ab12cd34", False),
        ("postgres", (15, 2), "postgres:16.1", True),
        ("postgres", (15, 2), f"postgres:14.9@sha256:{'ab' * 32}", True),
        ("prometheus", (3, 5), "localhost/gateway/prometheus:2.42-ab12cd34", True),
        ("prometheus", (2, 42), "docker.io/prom/prometheus:v3.5.5", False),
    ],
)
def test_image_opens_the_data_or_is_refused(name: str, version: Version, image: str, refused: bool) -> None:  # noqa: FBT001
    assert bool(refusals({name: running(name, version)}, {name: image})) is refused


@pytest.mark.parametrize(
    ("data", "image"),
    [
        (Server("Redis", (7, 0)), "docker.io/valkey/valkey:9.0.1-trixie"),
        (Server("Redis", (7, 2)), "docker.io/valkey/valkey:8.1.8-trixie"),
        (Server("Valkey", (8, 1)), "docker.io/library/redis:7.2.16-bookworm"),
        (Server("Valkey", (8, 1)), "docker.io/valkey/valkey:9.0.1-trixie"),
    ],
)
def test_redis_and_valkey_open_the_format_of_both(data: Server, image: str) -> None:
    assert refusals({"redis": data}, {"redis": image}) == []


@pytest.mark.parametrize(
    ("data", "image"),
    [
        (Server("Redis", (7, 4)), "docker.io/valkey/valkey:9.0.1-trixie"),
        (Server("Valkey", (8, 1)), "localhost/gateway/redis:7.0-ab12cd34"),
        (Server("Valkey", (9, 0)), "docker.io/library/redis:9.1.0"),
        (Server("Valkey", (9, 0)), "docker.io/valkey/valkey:8.1.8-trixie"),
    ],
)
def test_redis_and_valkey_open_no_other_format(data: Server, image: str) -> None:
    (said,) = refusals({"redis": data}, {"redis": image})
    assert f"cannot open what {data} has written" in said


def test_refusal_names_the_setting_and_both_versions() -> None:
    (said,) = refusals({"redis": running("redis", (7, 2))}, {"redis": "localhost/gateway/redis:7.0-ab12cd34"})
    assert said == (
        "images.redis: localhost/gateway/redis:7.0-ab12cd34 cannot open what Redis 7.2 has written for this stack;"
        " set images.redis to Redis 7.2 or newer, such as the image that runs"
    )


def test_database_and_readings_may_move_from_built_images_to_official_ones() -> None:
    built = {name: version_in(IMAGE_OF[ImageSource.BUILT][name].rpartition(":")[2]) for name in ("postgres", "redis")}
    servers = {name: running(name, version) for name, version in built.items() if version}
    assert refusals(servers, IMAGE_OF[ImageSource.OFFICIAL]) == []


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", (15, 20)),
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", (7, 0)),
        ("prometheus, version 3.5.3+ds1 (branch: debian/sid)", (3, 5)),
        ("15-67a7da59", (15, 0)),
        ("v3.5.5", (3, 5)),
        ("latest", None),
    ],
)
def test_version_is_read_from_what_servers_say_and_from_tags(said: str, version: Version | None) -> None:
    assert version_in(said) == version


def engine(monkeypatch: pytest.MonkeyPatch, image_id: str, said: Ended) -> ExecApi:
    """An engine with the stack's Redis, of that image."""
    api = ExecApi(lambda _: said)
    client = Mock(api=api)
    client.containers.list.return_value = [
        Mock(labels={"gateway.workload": "redis"}, attrs={"Image": image_id}, client=client)
    ]
    client.images.get.return_value = Mock(id="sha256:old")
    monkeypatch.setattr(data_version, "connect", lambda **_: client)
    return api


def test_running_server_tells_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, "sha256:new", Ended(b"Redis server v=7.2.16 sha=0"))
    assert running_servers("dev", {"redis": "redis:7.0"}) == {"redis": Server("Redis", (7, 2))}
    with pytest.raises(pulumi.RunError, match=r"images\.redis: redis:7\.0 cannot open"):
        check("dev", {"redis": "redis:7.0"})


def test_valkey_in_redis_s_place_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, "sha256:new", Ended(b"Valkey server v=9.1.2 sha=0"))
    with pytest.raises(pulumi.RunError, match=r"what Valkey 9\.1 has written .* to Valkey 9\.1 or newer"):
        check("dev", {"redis": "redis:7.2.16"})


def test_server_whose_image_stays_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    api = engine(monkeypatch, "sha256:old", Ended())
    assert running_servers("dev", {"redis": "redis:7.0"}) == {}
    assert api.ran == []


def test_server_that_ended_meanwhile_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    api = engine(monkeypatch, "sha256:new", Ended(b"not running", status=126))
    assert running_servers("dev", {"redis": "redis:7.0"}) == {}
    api.answer = Mock(side_effect=DockerException)
    check("dev", {"redis": "redis:7.0"})


def test_server_that_cannot_be_asked_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    api = engine(monkeypatch, "sha256:new", Ended())
    client = data_version.connect()
    (redis,) = client.containers.list.return_value
    postgres = Mock(labels={"gateway.workload": "postgres"}, attrs=redis.attrs, client=client)
    client.containers.list.return_value = [redis, postgres]
    api.answer = Mock(side_effect=[DockerException(), Ended(b"postgres (PostgreSQL) 15.18")])
    found = running_servers("dev", {"redis": "redis:7.0", "postgres": "postgres:16"})
    assert found == {"postgres": Server("PostgreSQL", (15, 18))}


def test_server_that_hangs_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_version, "TIMEOUT_SECONDS", 0)
    engine(monkeypatch, "sha256:new", Ended(hangs=True))
    assert running_servers("dev", {"redis": "redis:7.0"}) == {}
