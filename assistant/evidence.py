"""The evidence that a sentence is the answer: named features of each sentence of the passages found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.datatypes import Intent, Understanding
from assistant.intent import read_wants
from assistant.topics import topic_terms
from index import full_text
from index.coverage import Asked, head_stems, sentence_stems
from index.datatypes import Hit, Span, Want
from index.facts.countries import is_at
from index.reranking import has_number
from index.textforms import fold

#: Passages whose sentences are looked at.
DEPTH = 6
#: Sentences of which it is kept whether they are stock phrases, some 300 bytes each.
SENTENCES_KEPT = 4096

# Phrases with which readouts end or fill; they answer only who asks for just that.
_STOCK = re.compile(
    r"\b(?:agreed|committed|pledged|promised|look(?:s|ed)? forward|intend(?:s|ed)?|plan(?:s|ned)?|resolved)\b[^.]{0,60}"
    r"\b(?:stay(?:ing)?|remain(?:ing)?|keep(?:ing)?|continu(?:e|ing)|maintain(?:ing)?)\b[^.]{0,40}"
    r"\b(?:touch|contact|communication|consult\w*|dialogue|coordinat\w*|engag\w*|conversation|discussions?)\b"
    r"|\blook(?:s|ed|ing)? forward to\b[^.]{0,50}\b(?:meeting|seeing|welcoming|visit\w*|hosting|continu\w*|working)\b"
    r"|\b(?:is|was|are) attributable to\b"
    r"|\bextended (?:his|her|their) (?:best|warm) wishes\b"
)


_PLACE = re.compile(r"\b(?:in|at) (?:the )?[A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence of a found passage, and the evidence for it.

    Attributes:
        hit: The passage.
        span: The sentence in the passage.
        features: By name; see ``gather``.
    """

    hit: Hit
    span: Span
    features: Mapping[str, float]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.hit.passage.text[self.span.start : self.span.end]


def gather(hits: Sequence[Hit], understood: Understanding, rarity: Mapping[str, float]) -> list[Evidence]:
    """Every sentence of the first passages, with its features.

    ``gap``: fused score of its passage less that of the best (0 and below). ``cosine``: with the question. ``topic``: share
    of the topic's terms that it holds, each counted by its rarity, a country under any of its names. ``beyond``: the same
    over all terms of the question that title, parties and place do not hold. ``stock``: 1 for a stock phrase. ``opening``:
    1 for the first sentence of the readout, ``opening_moment``: the same where the question wants a day, a place or people.
    ``number`` and ``place``: 1 for a sentence with one, where the question wants one. ``speaker``: 1 where the one whose
    words are asked for speaks. ``length``: its words over 40, at most 1.

    Args:
        hits: Best first.
        understood: The question.
        rarity: Of each of its terms.
    """
    located = _located(understood, hits)
    asked = Asked.of(understood.text, rarity)
    terms = asked.bits(term for term in full_text.terms(understood.text) if term not in located)
    topic = asked.bits(t for t in topic_terms(understood) if t in rarity and t not in located) or terms
    wants = read_wants(understood.text, understood.intent)
    event, number = Want.EVENT in wants, Want.NUMBER in wants
    where = understood.intent is Intent.WHERE
    found: list[Evidence] = []
    for hit in hits[:DEPTH]:
        passage, gap = hit.passage, hit.score - hits[0].score
        first = passage.sentences[0].start if passage.paragraph == 0 else None
        beyond = terms & ~asked.held(head_stems(passage.source, hit.facts))
        cosines = hit.sentence_scores or tuple(0.0 for _ in passage.sentences)
        holding = asked.in_sentences(sentence_stems(passage), len(cosines))
        for span, cosine, held in zip(passage.sentences, cosines, holding, strict=True):
            text = passage.text[span.start : span.end]
            opening = float(span.start == first)
            features = {
                "gap": gap,
                "cosine": cosine,
                "topic": asked.share(topic, held),
                "beyond": asked.share(beyond, held),
                "stock": float(_is_stock(text)),
                "opening": opening * (not event),
                "opening_moment": opening * event,
                "number": float(number and has_number(text)),
                "place": float(where and bool(_PLACE.search(text))),
                "speaker": _speaks(understood.speaker, text),
                "length": min(1.0, len(text.split()) / 40),
            }
            found.append(Evidence(hit=hit, span=span, features=features))
    return found


@lru_cache(maxsize=SENTENCES_KEPT)
def _is_stock(text: str) -> bool:
    return bool(_STOCK.search(text))


def _located(understood: Understanding, hits: Sequence[Hit]) -> frozenset[str]:
    """Words of the places at which some of the readouts were held: they say which readout is meant, not what was said."""
    places = [where for where in understood.places if any(is_at(hit.facts.place, where) for hit in hits)]
    return frozenset(word for where in places for word in full_text.words(where))


def _speaks(speaker: str, text: str) -> float:
    """Whether a sentence begins with the one whose words are asked for."""
    if not speaker:
        return 0.0
    opening = fold(" ".join(text.split()[:8]))
    return float(fold(speaker).split()[-1] in opening)
