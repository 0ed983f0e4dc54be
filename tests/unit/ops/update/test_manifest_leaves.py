"""Manifests are compared value by value."""

from ops.update.manifest_leaves import Leaf, changed_leaves


def test_items_of_a_list_are_compared_by_their_names() -> None:
    old = {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
    new = {"env": [{"name": "B", "value": "3"}, {"name": "A", "value": "1"}]}
    assert list(changed_leaves(old, new)) == [Leaf(("env", "B", "value"), "2", "3")]


def test_what_is_added_or_removed_differs_from_nothing() -> None:
    assert list(changed_leaves({"a": 1}, {"b": {"c": 2}})) == [Leaf(("a",), 1, None), Leaf(("b",), None, {"c": 2})]


def test_lists_without_names_are_one_value() -> None:
    assert list(changed_leaves({"args": ["a"]}, {"args": ["b"]})) == [Leaf(("args",), ["a"], ["b"])]


def test_pulumi_s_own_keys_are_no_difference() -> None:
    assert list(changed_leaves({"__defaults": []}, {"__defaults": ["x"]})) == []
