"""Names that scripts rely on are exported and documented."""

import inspect

import assistant
import index


def test_every_exported_name_exists_and_is_documented() -> None:
    for package in (assistant, index):
        for name in package.__all__:
            value = getattr(package, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                assert inspect.getdoc(value), name


def test_scripts_find_the_names_of_the_contract() -> None:
    assert {"Assistant", "Filters", "ReadoutsError"} <= set(assistant.__all__)
    methods = ("open", "add", "ask", "ask_async", "ask_many", "search", "conversation", "remove", "status", "close")
    for method in methods:
        assert callable(getattr(assistant.Assistant, method))
