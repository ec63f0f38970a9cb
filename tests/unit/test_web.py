from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from small_index import HashEncoder

from benchmarks.web_site import PAGE, Site, site
from index import build
from index.catalogue import Catalogue
from index.datatypes import Filters, IndexReport, Readout
from index.errors import FetchError
from index.readers import find_files
from index.web import fetching
from index.web.addresses import parse, slug, text_of


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "built"


def add(folder: Path, *paths: str | Path, follow: bool = False) -> IndexReport:
    return build.add(folder, paths, HashEncoder, follow=follow)


def readouts(folder: Path) -> list[Readout]:
    catalogue = Catalogue(folder)
    try:
        records = catalogue.records(Filters(), limit=None, latest_first=False)
        return [catalogue.readout(record.source.doc_id) for record in records]
    finally:
        catalogue.close()


def reason(report: IndexReport) -> str:
    (skipped,) = report.skipped
    return skipped.reason


def test_a_page_is_fetched_kept_and_indexed_under_its_address(folder: Path, here: Site) -> None:
    address = here.give("/news/a-call.html?x=1", Content_Type="text/html")
    report = add(folder, address)
    (found,) = readouts(folder)
    assert (report.added, report.skipped, report.notes) == (1, (), ())
    assert (found.source.title, found.source.url, found.text) == ("A call about salt", address, "They spoke of salt.")
    assert found.source.doc_id == "a-call"
    assert Path(found.source.path).read_bytes() == PAGE
    agent = here.asked[-1][1]["User-Agent"]
    assert agent.startswith("readouts/")


def test_a_page_that_did_not_change_is_not_sent_again_and_one_that_did_is_updated(folder: Path, here: Site) -> None:
    address = here.give("/call", ETag='"one"')
    add(folder, address)
    report = add(folder, address)
    assert here.asked[-1][1]["If-None-Match"] == '"one"'
    assert (report.unchanged, report.encoded) == (1, 0)
    here.give("/call", PAGE.replace(b"of salt.", b"of rope."), ETag='"two"')
    assert add(folder, address).to_dict()["updated"] == 1
    assert [found.text for found in readouts(folder)] == ["They spoke of rope."]


def test_what_is_kept_is_read_when_the_site_cannot_be_reached_and_the_report_says_so(folder: Path) -> None:
    with site() as away:
        address = away.give("/call")
        add(folder, address)
    report = add(folder, address)
    assert (report.unchanged, report.skipped) == (1, ())
    (note,) = report.notes
    assert "cannot be reached" in note.text
    assert "is read" in note.text


def test_a_site_that_was_never_reached_is_skipped_with_the_reason(folder: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    assert "cannot be reached" in reason(add(folder, address))


def test_what_is_kept_is_hidden_from_a_walk_over_the_folder(folder: Path, here: Site) -> None:
    add(folder, here.give("/call"))
    found, _ = find_files([folder])
    assert not [path for path in found if path.suffix == ".html"]


@pytest.mark.parametrize(
    "address", ["file:///etc/hosts", "ftp://127.0.0.1/a", "http:///a", "https://[::1", "gopher://x/"]
)
def test_only_http_and_https_are_fetched(folder: Path, address: str) -> None:
    assert reason(add(folder, address))


def test_redirects_are_followed_to_the_page_whose_address_counts(folder: Path, here: Site) -> None:
    target = here.give("/new")
    add(folder, here.give("/old", b"", 301, Location="/new"))
    (found,) = readouts(folder)
    assert (found.source.url, found.source.doc_id) == (target, "old")


def test_redirects_in_a_ring_end(folder: Path, here: Site) -> None:
    assert "from page to page" in reason(add(folder, here.give("/ring", b"", 302, Location="/ring")))
    assert len(here.paths()) == fetching.MAX_REDIRECTS + 1


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://127.0.0.1/a"])
def test_a_redirect_to_another_scheme_is_refused(folder: Path, here: Site, target: str) -> None:
    assert "only http and https" in reason(add(folder, here.give("/out", b"", 302, Location=target)))


def test_a_redirect_to_a_private_host_that_was_not_typed_is_refused(folder: Path, here: Site) -> None:
    with site() as inner:
        secret = inner.give("/secret")
        assert "own network" in reason(add(folder, here.give("/out", b"", 302, Location=secret)))
        assert inner.asked == []
        # Typed, it is fetched.
        assert add(folder, secret).added == 1


def test_robots_are_heeded(folder: Path, here: Site) -> None:
    here.give("/robots.txt", b"User-agent: *\nDisallow: /private/*\n")
    assert "does not want /private/call" in reason(add(folder, here.give("/private/call")))
    assert here.paths() == []
    assert add(folder, here.give("/public/call")).added == 1


def test_robots_that_cannot_be_had_forbid_all_and_none_allow_all(folder: Path, here: Site) -> None:
    address = here.give("/call")
    here.give("/robots.txt", b"", 503)
    assert "robots" in reason(add(folder, address))
    here.give("/robots.txt", b"", 404)
    assert add(folder, address).added == 1


def test_a_page_that_is_not_there_is_skipped_with_its_status(folder: Path, here: Site) -> None:
    assert "status 404" in reason(add(folder, f"{here.address}/nothing"))


def test_a_page_that_is_too_large_is_refused_also_when_it_is_packed(
    folder: Path, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 2_000_000)
    assert "more than 2 MB" in reason(add(folder, here.give("/large", b"a" * 2_000_001)))
    packed = gzip.compress(b"a" * 50_000_000)
    assert len(packed) < 100_000
    assert "more than 2 MB" in reason(add(folder, here.give("/bomb", packed, Content_Encoding="gzip")))


def test_a_packed_page_is_unpacked(folder: Path, here: Site) -> None:
    add(folder, here.give("/call", gzip.compress(PAGE), Content_Encoding="gzip"))
    assert readouts(folder)[0].text == "They spoke of salt."


def test_a_server_that_says_nothing_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WAIT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "cannot be reached" in reason(add(folder, f"http://127.0.0.1:{silent.getsockname()[1]}/"))


@contextmanager
def endless(first: bytes, then: bytes) -> Iterator[str]:
    """A site that answers with ``first``, and then with ``then`` again and again, a little at a time; its address."""
    robots = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def answer(talk: socket.socket) -> None:
        with talk, suppress(OSError):
            asked = talk.recv(10_000)
            talk.sendall(robots if b"/robots.txt" in asked else first)
            while b"/robots.txt" not in asked:
                talk.sendall(then)
                time.sleep(0.01)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=[server.accept()[0]], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/call"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 ", b"O"),
        (b"HTTP/1.1 200 OK\r\n", b"X"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    ],
)
def test_a_server_that_never_comes_to_an_end_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: bytes, then: bytes
) -> None:
    monkeypatch.setattr(fetching, "TIME", 0.5)
    with endless(first, then) as address:
        assert "it took more than" in reason(add(folder, address))


def test_nothing_is_connected_to_that_may_not_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, place: connected.append(place))
    public, private = ("93.184.215.14", 80), ("127.0.0.1", 80)
    for places in ([private], [private, public], [("::ffff:10.0.0.1", 80, 0, 0)]):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(FetchError, match="own network"):
            fetching.Fetcher().fetch("http://kelp.example/")
    assert connected == []


@pytest.mark.parametrize(("said", "counts"), [("/other", True), ("https://www.whitehouse.gov/readout", False)])
def test_a_page_passes_for_no_other_sites(folder: Path, here: Site, said: str, counts: bool) -> None:
    said = here.address + said if counts else said
    address = here.give("/call", PAGE.replace(b"<title>", f"<link rel=canonical href='{said}'><title>".encode()))
    add(folder, address)
    (found,) = readouts(folder)
    assert found.source.url == (said if counts else address)
    assert "White House" not in found.source.issuer


def test_the_encoding_that_the_server_says_counts_where_the_page_says_none(folder: Path, here: Site) -> None:
    body = "<!doctype html><html><body><p>Состоялась встреча министров.</p></body></html>".encode("cp1251")
    add(folder, here.give("/vstrecha", body, Content_Type="text/html; charset=windows-1251"))
    assert readouts(folder)[0].text == "Состоялась встреча министров."


def test_a_page_is_read_by_what_it_holds_whatever_its_address_and_type_say(folder: Path, here: Site) -> None:
    add(folder, here.give("/readouts.php", b'[{"id": "r1", "text": "They met."}]', Content_Type="text/html"))
    assert [found.source.doc_id for found in readouts(folder)] == ["r1"]


FEED = """<rss><channel><title>News</title>
<item><title>Call one</title><guid>1</guid><link>{0}/one</link><pubDate>Wed, 03 Aug 2022 10:00:00 GMT</pubDate></item>
<item><title>Call two</title><guid>2</guid><link>{0}/two</link><description>They spoke …</description></item>
</channel></rss>"""


def test_the_pages_of_a_feed_are_fetched_only_when_that_is_asked_for(folder: Path, here: Site) -> None:
    address = here.give("/feed.rss", FEED.format(here.address).encode())
    one = here.give("/one")
    here.give("/two", PAGE.replace(b"of salt.", b"of rope."))
    report = add(folder, address)
    assert (report.added, here.paths()) == (2, ["/feed.rss"])
    assert "--follow" in report.notes[0].text
    report = add(folder, address, follow=True)
    changed = report.to_dict()
    assert (changed["added"], changed["updated"], report.skipped) == (0, 2, ())
    found = {readout.source.title: readout for readout in readouts(folder)}
    assert {title: readout.text for title, readout in found.items()} == {
        "Call one": "They spoke of salt.",
        "Call two": "They spoke of rope.",
    }
    assert (found["Call one"].source.url, str(found["Call one"].source.published)) == (one, "2022-08-03")


def test_what_was_fetched_for_a_feed_is_used_without_asking_again(folder: Path, here: Site) -> None:
    address = here.give("/feed.rss", FEED.format(here.address).encode())
    here.give("/one")
    add(folder, address, follow=True)
    here.give("/feed.rss", FEED.format(here.address).replace("Call one", "Call no. one").encode())
    here.asked.clear()
    add(folder, address)
    assert here.paths() == ["/feed.rss"]
    (found,) = (readout for readout in readouts(folder) if readout.source.title == "Call no. one")
    assert found.text == "They spoke of salt."


def test_a_feed_in_a_file_reaches_no_private_host(folder: Path, here: Site, tmp_path: Path) -> None:
    file = tmp_path / "feed.rss"
    file.write_text(FEED.format(here.address))
    report = add(folder, file, follow=True)
    assert report.added == 2
    assert [("own network" in skipped.reason) for skipped in report.skipped] == [True, True]
    assert here.asked == []


@pytest.mark.parametrize(
    ("address", "plain", "name"),
    [
        ("HTTPS://Example.org/a/b-c.html#d", "https://example.org/a/b-c.html", "b-c"),
        ("https://example.org", "https://example.org/", "example-org"),
        ("http://münchen.example/größe?q=ä", "http://xn--mnchen-3ya.example/gr%C3%B6%C3%9Fe?q=%C3%A4", "größe"),
        ("http://example.org/a\r\nHost: evil", "http://example.org/aHost:%20evil", "aHost-evil"),
    ],
)
def test_an_address_is_made_plain_before_it_is_asked_for(address: str, plain: str, name: str) -> None:
    assert text_of(parse(address)) == plain
    assert slug(parse(address)) == name


def test_an_address_without_a_scheme_we_fetch_is_refused() -> None:
    with pytest.raises(FetchError, match="only http and https"):
        parse("javascript:alert(1)")
