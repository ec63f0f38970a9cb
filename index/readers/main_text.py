"""Which part of a page is its text: what the page itself says, otherwise where most words are; surroundings are left out."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from index.readers.markup import is_hidden, name_of, prune

#: Words in classes and ids of what surrounds a text, as used by content systems of many governments and newspapers.
_AROUND = frozenset(
    "nav navbar navigation menu submenu megamenu breadcrumb breadcrumbs cookie cookies consent gdpr "
    "share sharing sharedaddy social "
    "addthis related sidebar rail newsletter subscribe subscription signup comments respond footer teaser teasers promo advert "
    "advertisement ads pagination pager pagenav skip skiplink popup modal dialog banner masthead toolbar "
    "search login tags taglist "
    "toc printonly hidden visuallyhidden recirculation recommended outbrain taboola "
    "print disqus copyright".split()
)
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert", "alertdialog", "menu"}
)
_LANDMARKS = ("nav", "footer", "aside")
_NEVER = frozenset({"html", "body", "main", "article"})
_TEXT_CLASSES = re.compile(
    r"(?:^|\s)(?:govspeak|entry-content|e-content|post__content|news-content|post-content|article-content|article-body|article__body|article__text|story-body|field--name-body|"
    r"field-name-body|body-content|page-content__content|node__content|press-release-body|pf-content|rich-text|richtext)(?:\s|$)"
)
_CONTAINERS = frozenset(
    {"div", "td", "section", "article", "main", "table", "tbody", "tr", "body", "center", "form", "font", "span"}
)
_PARTS = frozenset({"p", "div", "br", "li", "h2", "h3", "blockquote", "section", "td", "ul", "ol", "table"})
#: The share of a list's or a box's words that may be in links before it is a menu.
_LINKED = 0.7
#: A part is descended into as long as it has this share of all words: only a few words of navigation are left out.
_SHARE = 0.85
#: Boxes of one kind, each with a heading that is a link, are teasers of other pages if there are this many.
_CARDS = 3
#: An element with more than this share of the words is not surroundings, whatever its class says.
_MOST = 0.5
_FEW = 25


def main_text(root: Any) -> tuple[Any, frozenset[Any]]:
    """The element of a page with its text, and the elements within it that are not text."""
    bodies = root.findall(".//body")
    body = bodies[0] if bodies else root
    prune(body)
    counts = _counts(body, frozenset())
    chosen = _landmark(body, counts)
    left_out = _around(body if chosen is None else chosen, counts)
    left = _counts(body, left_out)
    if chosen is not None and left[chosen][0] >= min(_FEW, counts[body][0] // 4):
        return chosen, left_out
    left_out = _around(body, counts)
    return _descended(body, left_out), left_out


def _counts(body: Any, left_out: frozenset[Any]) -> dict[Any, tuple[int, int]]:
    """Number of words of every element, and how many are in links; counted once, from the leaves up."""
    counts: dict[Any, list[int]] = {}
    for node in reversed(list(body.iter())):
        mine = counts.setdefault(node, [0, 0])
        if node in left_out:
            mine[:] = [0, 0]
        elif name_of(node):
            mine[0] += len((node.text or "").split())
        if name_of(node) == "a":
            mine[1] = mine[0]
        above = node.getparent()
        if above is not None and node is not body:
            sums = counts.setdefault(above, [0, 0])
            sums[0] += mine[0] + len((node.tail or "").split())
            sums[1] += mine[1]
    return {node: (words, linked) for node, (words, linked) in counts.items()}


def _landmark(body: Any, counts: dict[Any, tuple[int, int]]) -> Any:
    """The part that the page itself marks as its text, if there is exactly one."""
    groups: tuple[list[Any], ...] = ([], [], [], [])
    for node in body.iter():
        name = name_of(node)
        if "articleBody" in (node.get("itemprop") or "") if name else False:
            groups[0].append(node)
        elif name in _CONTAINERS and _TEXT_CLASSES.search(node.get("class") or ""):
            groups[1].append(node)
        if name == "article":
            groups[2].append(node)
        if name == "main" or node.get("role") == "main":
            groups[3].append(node)
    within = groups[3][0] if len(groups[3]) == 1 else body
    for group in groups:
        best = max(group, key=lambda node: counts[node][0] - counts[node][1], default=None)
        if best is None or counts[best][0] == 0:
            continue
        inside = set(best.iter())
        rest = sum(counts[node][0] - counts[node][1] for node in group if node not in inside)
        own, all_own = counts[best][0] - counts[best][1], counts[within][0] - counts[within][1]
        # Many articles make a list of pages; one with little of its page's words is a teaser.
        if group is groups[3] or (own > rest and own * 4 >= all_own):
            return best
    return None


def _around(part: Any, counts: dict[Any, tuple[int, int]]) -> frozenset[Any]:
    """What surrounds or interrupts a text: navigation, boxes, menus, teasers of other pages."""
    whole = counts[part][0]
    cards = _cards(part)
    found = set()
    for node in part.iter():
        if node is part or not name_of(node) or name_of(node) in _NEVER:
            continue
        words = counts[node][0]
        if is_hidden(node) or (
            words <= whole * _MOST and (_is_around(node) or node in cards or _is_menu(node, counts))
        ):
            found.add(node)
    return frozenset(found)


def _is_around(node: Any) -> bool:
    name = name_of(node)
    if name in _LANDMARKS or (node.get("role") or "") in _ROLES:
        return True
    if name == "header":
        return not any(name_of(above) in ("article", "main") for above in node.iterancestors())
    if name in ("p", "li", "a", "strong", "em", "b", "i", "span") and not node.get("id"):
        return bool(_tokens(node) & {"hidden", "visuallyhidden", "skiplink"})
    return bool(_tokens(node) & _AROUND)


def _tokens(node: Any) -> set[str]:
    """Words of the class and the id of an element: ``siteCookie-banner`` gives site, cookie, banner."""
    named = f"{node.get('class') or ''} {node.get('id') or ''}"[:500]
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", named)}


def _cards(part: Any) -> set[Any]:
    """Adjacent boxes of one kind, each with a heading that is a link."""
    kinds: Counter[tuple[Any, str, str]] = Counter()
    boxes: list[tuple[tuple[Any, str, str], Any]] = []
    for heading in part.iter("h2", "h3", "h4"):
        above = heading.getparent()
        if heading.find(".//a") is None and name_of(above) != "a":
            continue
        box = above.getparent() if name_of(above) in ("a", "header") else above
        if box is None or box is part or box.getparent() is None:
            continue
        kind = (box.getparent(), name_of(box), box.get("class") or "")
        kinds[kind] += 1
        boxes.append((kind, box))
    return {box for kind, box in boxes if kinds[kind] >= _CARDS}


def _is_menu(node: Any, counts: dict[Any, tuple[int, int]]) -> bool:
    if name_of(node) not in ("ul", "ol", "dl", "div", "table", "section", "td"):
        return False
    words, linked = counts.get(node, (0, 0))
    return linked > 0 and linked >= words * _LINKED and len(node.findall(".//a")) > 1


def _descended(body: Any, left_out: frozenset[Any]) -> Any:
    """The innermost part with nearly all words and more than one block."""
    here, counts = body, _counts(body, left_out)
    whole = counts[body][0]
    while True:
        inner = [child for child in here if name_of(child) in _CONTAINERS and counts[child][0] >= whole * _SHARE]
        if not inner or not _has_parts(inner[0]):
            return here
        here = inner[0]


def _has_parts(node: Any) -> bool:
    parts = (inner for inner in node.iter() if inner is not node and name_of(inner) in _PARTS)
    return next(parts, None) is not None and next(parts, None) is not None
