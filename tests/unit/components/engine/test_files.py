"""The files of a workload, by kind."""

from dataclasses import replace

from components.engine.files import file_sets
from tests.unit.components.workloads import JOB, SERVICE


def test_each_kind_of_file_has_its_folder() -> None:
    assert file_sets(replace(SERVICE, programs={"web.py": "print()"})) == {
        "config": ("/etc/gateway", {"web.conf": "listen 80\n", "also.conf": "quiet\n"}),
        "programs": ("/opt/gateway", {"web.py": "print()"}),
        "secrets": ("/run/secrets", {"password": "hush"}),
    }


def test_a_kind_without_files_is_left_out() -> None:
    assert file_sets(JOB).keys() == {"secrets"}
