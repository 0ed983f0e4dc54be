"""py-spy's lines become stacks."""

from benchmarks.profile.stacks import Frame, Stack, frame, stacks


def test_line_becomes_its_calls_and_its_samples() -> None:
    line = "<module> (/app/.venv/bin/litellm:8);run (/usr/lib/python3.11/asyncio/runners.py:118) 12\n"
    assert list(stacks([line])) == [
        Stack((Frame("<module>", "/app/.venv/bin/litellm"), Frame("run", "asyncio/runners.py")), 12)
    ]


def test_file_of_a_library_is_named_from_its_package_on() -> None:
    inside = frame("Router.acompletion (/app/.venv/lib/python3.11/site-packages/litellm/router.py:3167)")
    assert inside == Frame("Router.acompletion", "litellm/router.py")


def test_file_of_any_python_s_own_library_is_named_from_its_package_on() -> None:
    assert frame("run (/usr/local/lib/python3.13/asyncio/runners.py:118)") == Frame("run", "asyncio/runners.py")


def test_file_of_this_project_is_named_alone() -> None:
    assert frame("_collect (/opt/gateway/garbage_collection.py:44)") == Frame("_collect", "garbage_collection.py")


def test_function_with_brackets_keeps_its_name() -> None:
    assert frame("app.<locals>.<lambda> (x/y.py:1)") == Frame("app.<locals>.<lambda>", "x/y.py")


def test_call_without_a_file_keeps_its_text() -> None:
    assert frame("process 12") == Frame("process 12", "")
