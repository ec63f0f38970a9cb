import datetime as dt
from pathlib import Path

import pytest

from index.datatypes import Document, Note, Skipped
from index.errors import FormatError
from index.readers import read_file
from index.readers.feeds import links

PATH = Path("/corpus/news.rss")
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>News – Ministry of Salt</title><link>https://salt.example/</link><language>sv</language>
{}
</channel></rss>"""
CALL = """<item><title>Call with Verania</title><link> https://salt.example/news/call-with-verania/ </link><guid>g1</guid>
<pubDate>Wed, 03 Aug 2022 23:49:23 +0000</pubDate><description>They spoke.</description>
<content:encoded><![CDATA[<script>var x;</script><p>They spoke of salt&nbsp;&amp; <a href="/r">rope</a>.</p>
<p>They will meet.</p>]]></content:encoded>
</item>"""


def found_in(text: str, path: Path = PATH) -> list[Document | Skipped | Note]:
    return list(read_file(path, text.encode()))


def items(text: str, path: Path = PATH) -> list[Document]:
    return [found for found in found_in(text, path) if isinstance(found, Document)]


def test_an_item_is_a_readout_with_its_full_text_day_link_and_issuer() -> None:
    (document,) = items(RSS.format(CALL))
    source = document.source
    assert document.text == "They spoke of salt & rope.\n\nThey will meet."
    assert (source.title, source.published) == ("Call with Verania", dt.date(2022, 8, 3))
    assert (source.url, source.issuer) == ("https://salt.example/news/call-with-verania/", "News – Ministry of Salt")
    assert document.given["language"] == "sv"


def test_the_id_of_an_item_is_the_same_wherever_in_the_feed_it_stands() -> None:
    other = CALL.replace("g1", "g2").replace("Verania", "Costaguana")
    (alone,) = items(RSS.format(CALL))
    first, second = items(RSS.format(other + CALL))
    assert second.source.doc_id == alone.source.doc_id
    assert alone.source.doc_id.startswith("call-with-verania-")
    # Two items at one address are two readouts.
    assert first.source.doc_id != second.source.doc_id


def test_without_full_text_the_summary_counts_and_without_that_the_title_with_a_note() -> None:
    summary = (
        "<item><title>A</title><guid>1</guid><description>They &lt;b&gt;spoke&lt;/b&gt; of 5 &amp; "
        "6.</description></item>"
    )
    bare = "<item><title>A call about rope</title><guid>2</guid></item>"
    first, second, note = found_in(RSS.format(summary + bare))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.text, second.text) == ("They spoke of 5 & 6.", "A call about rope")
    assert isinstance(note, Note)
    assert "1 item has a title alone; --follow" in note.text


def test_atom_is_read_with_its_alternate_link_and_markup_of_each_kind() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Kanzlei</title>
    <entry><title>Gespräch</title><id>tag:1</id><updated>2024-02-02T10:00:00Z</updated><published>2024-02-01T10:00:00Z</published>
    <link rel="self" href="https://a.example/self"/><link rel="alternate" href="https://a.example/gespraech.html"/>
    <content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml"><p>Sie sprachen.</p><ul><li>Salz</li><li>Seil</li></ul></div>
    </content></entry>
    <entry><title>Zwei</title><id>tag:2</id>
    <content type="html">&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;</content></entry></feed>"""
    first, second = items(atom, Path("/corpus/feed.atom"))
    assert first.text == "Sie sprachen.\n\nSalz\nSeil"
    assert (first.source.url, first.source.published) == ("https://a.example/gespraech.html", dt.date(2024, 2, 1))
    assert (first.source.doc_id[:10], first.given["language"]) == ("gespraech-", "de")
    assert second.text == "Eins.\n\nZwei."


def test_a_feed_is_known_by_its_root_whatever_its_name_and_its_links_can_be_listed() -> None:
    for name in ("feed.xml", "feed.rss"):
        assert [type(found) for found in found_in(RSS.format(CALL), Path(name))] == [Document]
    assert [type(found) for found in found_in(RSS.format(CALL), Path("feed"))] == [Note, Document]
    assert links(PATH, RSS.format(CALL).encode()) == ()
    summary = CALL.replace("content:encoded", "other")
    assert links(PATH, RSS.format(summary + summary).encode()) == ("https://salt.example/news/call-with-verania/",)


def test_a_feed_that_breaks_off_gives_the_items_before() -> None:
    assert (
        len(
            items(
                RSS.format(CALL + CALL.replace("g1", "g2"))[:-60].replace("Verania</title>", "Verania & more</title>")
            )
        )
        == 2
    )


def test_named_characters_of_html_are_read_though_no_feed_defines_them() -> None:
    (document,) = items(
        RSS.format(
            "<item><title>Caf&eacute;&nbsp;talks</title><guid>1</guid><description>They met.</description></item>"
        )
    )
    assert document.source.title == "Café talks"


def test_an_item_that_cannot_be_read_is_skipped_and_the_rest_goes_on() -> None:
    deep = f"<item><title>Deep</title><guid>3</guid><description>{'&lt;div&gt;' * 100_000}x</description></item>"
    skipped, document = found_in(RSS.format(deep + CALL))
    assert isinstance(skipped, Skipped)
    assert "nested too deeply" in skipped.reason
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (RSS.format(""), "a feed without items"),
        (
            '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
            + RSS.format("<item><title>&b;</title></item>"),
            "defines entities",
        ),
        ("<rss>" + "<a>" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_feed_of_readouts_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        found_in(text)


def test_many_comments_before_the_root_cost_no_more_than_one() -> None:
    assert len(items("<!---->" * 8 + RSS.format(CALL)[22:])) == 1
    with pytest.raises(FormatError):
        found_in("<!---->" * 600 + "words", Path("a.unknown"))
