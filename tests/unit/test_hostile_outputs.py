"""What the campaign of hostile documents takes for acting in an exported file, and what not."""

from __future__ import annotations

import pytest

from benchmarks.hostile.outputs import exported


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("html", '<a href="javascript:alert(1)">x</a>'),
        ("html", "<a href= 'data:text/html,x'>x</a>"),
        ("html", '<img src="https://a.b/x">'),
        ("html", '<p onclick="x()">'),
        ("markdown", "[x](javascript:alert(1))"),
        ("csv", 'title\n"=1+1"\n'),
    ],
)
def test_what_acts_is_seen(form: str, text: str) -> None:
    assert list(exported(form, text))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("html", '<a href="https://a.b/x" rel="noreferrer">x</a> <a href=\'#n\'>n</a>'),
        ("html", "<p>&lt;script&gt; href=javascript:</p>"),
        ("markdown", r"[x](https://a.b/x) \[y\](javascript:z)"),
        ("csv", "title,n\n'=1+1,-12.5\n"),
    ],
)
def test_what_is_text_or_leads_to_the_web_is_no_fault(form: str, text: str) -> None:
    assert not list(exported(form, text))
