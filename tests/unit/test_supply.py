"""What the program is made of: every package pinned, looked at and listed, and asked after for known holes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from supply import audit, dependencies
from supply.audit import NotAskedError, ask
from supply.dependencies import Package, faults, needed, page, pins, project


@pytest.fixture(scope="module")
def every() -> dict[str, Package]:
    return needed([one for requirements in project().values() for one in requirements])


def test_every_package_is_pinned_has_a_licence_that_was_looked_at_and_a_reason(every: dict[str, Package]) -> None:
    assert list(faults(every)) == []
    assert len(every) > 100


def test_the_page_lists_them_all_as_they_are_installed(every: dict[str, Package]) -> None:
    written = dependencies.PAGE.read_text(encoding="utf-8")
    assert [
        one.name for one in every.values() if f"| {one.name} | {one.version} | {one.licence} |" not in written
    ] == []
    if dependencies._comparable():
        assert written == page()


def test_what_a_package_brings_along_is_followed_with_its_extras() -> None:
    found = needed(["rich", "mcp"])
    assert found["rich"].askers == ()
    assert found["mdurl"].askers == ("markdown-it-py",)
    assert "pytest" not in found


@pytest.mark.parametrize(
    ("package", "told"),
    [
        (Package(name="rich", version="0.1", licence="MIT", askers=(), reason="x"), "pinned as"),
        (Package(name="stranger", version="1", licence="MIT", askers=("rich",), reason=""), "pinned as nothing"),
        (Package(name="rich", version="15.0.0", licence="GPL-3.0", askers=(), reason="x"), "cannot be given on"),
        (
            Package(name="rich", version="15.0.0", licence="AGPL-3.0 AND MIT", askers=(), reason="x"),
            "cannot be given on",
        ),
        (Package(name="rich", version="15.0.0", licence="", askers=(), reason="x"), "nobody has looked at"),
        (Package(name="rich", version="15.0.0", licence="MIT", askers=(), reason=""), "what rich is for"),
    ],
)
def test_what_is_not_as_it_should_be_is_told(package: Package, told: str) -> None:
    assert any(told in fault for fault in faults({package.name: package}))


def test_a_pin_that_nothing_needs_is_told(every: dict[str, Package]) -> None:
    without = {name: package for name, package in every.items() if name != "rich"}
    assert "rich is pinned, and nothing needs it." in list(faults(without))


class Database(HTTPServer):
    """An OSV of our own, which knows of the holes that it is given and keeps what it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, {}  # type: ignore[var-annotated]
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/querybatch"


class Answering(BaseHTTPRequestHandler):
    """Answers every question with what the database was made with."""

    server: Database

    def do_POST(self) -> None:
        self.server.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.dumps(self.server.answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    server = Database(request.param)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "database", [{"results": [{}, {"vulns": [{"id": "GHSA-1"}, {"id": "PYSEC-2"}]}]}], indirect=True
)
def test_known_holes_are_asked_for_in_one_request_by_name_and_version(database: Database) -> None:
    assert ask({"b": "2", "a": "1"}, database.address) == {"b": ["GHSA-1", "PYSEC-2"]}
    assert database.asked["queries"][0] == {"package": {"name": "a", "ecosystem": "PyPI"}, "version": "1"}


@pytest.mark.parametrize("database", [{"results": []}, {"results": None}, [], {"results": [5]}], indirect=True)
def test_an_answer_in_another_form_is_no_answer(database: Database) -> None:
    with pytest.raises(NotAskedError):
        ask({"a": "1"}, database.address)


@pytest.mark.parametrize("database", [{"results": [{"vulns": [{"id": "GHSA-1"}]}] + [{}] * 999}], indirect=True)
def test_a_known_hole_fails_and_not_to_be_able_to_ask_is_told_and_fails_only_where_that_is_asked_for(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database.answer["results"] = database.answer["results"][: len(pins())]
    monkeypatch.setattr(audit, "ADDRESS", database.address)
    assert audit.main([]) == 1
    assert "GHSA-1" in capsys.readouterr().out
    database.answer["results"][0] = {}
    assert audit.main(["--strict"]) == 0
    assert capsys.readouterr().out == f"Known holes: 0 of {len(pins())} packages have any.\n"
    monkeypatch.setattr(audit, "ADDRESS", "http://127.0.0.1:9/v1/querybatch")
    assert (audit.main([]), audit.main(["--strict"])) == (0, 1)
    assert capsys.readouterr().out.count("could not be asked") == 2
