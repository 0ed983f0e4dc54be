"""The server's log under Gunicorn."""

import logging
from collections.abc import Iterator

import pytest

from components.litellm.worker.hooks import worker_log


@pytest.fixture
def loggers() -> Iterator[dict[str, logging.Logger]]:
    names = (*worker_log.SERVER, worker_log.LITELLM)
    found = {name: logging.getLogger(name) for name in names}
    before = {name: (logger.level, logger.handlers) for name, logger in found.items()}
    yield found
    for name, (level, handlers) in before.items():
        found[name].setLevel(level)
        found[name].handlers = handlers


def test_server_logs_as_litellm_does(loggers: dict[str, logging.Logger], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_LOG", "ERROR")
    handler = logging.NullHandler()
    loggers[worker_log.LITELLM].handlers = [handler]
    for name in worker_log.SERVER:
        loggers[name].setLevel("INFO")
        loggers[name].handlers = [logging.NullHandler()]
    worker_log.start()
    for name in worker_log.SERVER:
        assert loggers[name].handlers == [handler]
        assert not loggers[name].isEnabledFor(logging.INFO)
        assert loggers[name].isEnabledFor(logging.ERROR)
