"""How well an answer is supported: features of the whole answer, weighted to the share of answers like it that hold.

The features look for the ways in which an answer can lack support: nothing is on the subject at all, somebody asked
about is not there, the meeting is another one, or the meeting is the right one and the subject is not in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from assistant.datatypes import Understanding
from assistant.evidence import Evidence
from assistant.support_weights import SUPPORT
from assistant.topics import name_terms, topic_terms
from index import full_text
from index.coverage import PASSAGES_KEPT, head_stems, sentence_stems
from index.datatypes import Facts, Hit, Passage, Source
from index.textforms import fold

#: Returns the rarity of terms.
Rarity = Callable[[Sequence[str]], Mapping[str, float]]

#: Up to so many days are a named day or month; more are a time of year.
NARROW_DAYS = 45
#: Rarity of a term that is in one passage of some thousands; sums and single rarities are scaled by it.
_RARE = 9.0
#: So many terms make a full topic, and so much missing rarity a topic that is not there.
_MANY_TERMS, _MUCH_MISSING = 8, 3 * _RARE
#: Passages in which the topic is looked for elsewhere.
_ELSEWHERE = 10
_FIGURE_ASKED = re.compile(
    r"\bhow (?:many|much|large|big|long|often|fast|high|far|old|tall)\b|\bwh(?:at|ich) (?:sum|amount|share|percentage|number"
    r"|price|rate|date|year|total)\b|\bcosts?\b|\bwhen\b|\bfigure\b|\bpercent"
)
_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|thousand|million|billion|percent|half|third)",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\bhow (?:many|much|large|big|long|often|fast)\b|\bwh(?:at|ich) (?:sum|amount|share|percentage|number)\b"
)


def estimate(chosen: Sequence[Evidence], hits: Sequence[Hit], understood: Understanding, rarity: Rarity) -> float:
    """Share of answers like this one that hold, in [0, 1], by the learned weights; 0 if nothing was found."""
    if not chosen:
        return 0.0
    features = support_features(chosen, hits, understood, rarity)
    return 1 / (1 + math.exp(-sum(weight * features[name] for name, weight in SUPPORT.items())))


def support_features(
    chosen: Sequence[Evidence], hits: Sequence[Hit], understood: Understanding, rarity: Rarity
) -> dict[str, float]:
    """What distinguishes an answer that holds from one that does not; empty if nothing is quoted.

    The topic is the question's terms that are neither party, day nor question word, or all its terms if it names no party or
    day; if only parties and days are asked for, the topic counts as held. "Held" means held by the first quote's passage, its
    title, parties, place and day.

    ``constant``: 1. ``cosine``: of the question with the best quoted sentence, title and date in front. ``peak``: that
    less the mean over all sentences found of the readout, which title and parties raise alike. ``topic``: share of the
    topic, by rarity, that is held. ``best``: the largest share that one sentence of the quoted readout holds.
    ``elsewhere``: how much larger the share is that another readout found holds, the mark of a topic that does not
    belong to this meeting. ``missing``: rarity of all that is not held, together. ``unmet``: the rarest name asked
    about that is not held. ``silent``: 1 if nothing of the topic is held. ``length``: how many terms the topic has.
    ``absent``: 1 if somebody asked about is not held. ``parties``: share of the parties asked for that take part.
    ``date``: 1 if the event is on the days asked for, or none are. ``another_day``: 1 if the question names a day or a
    month and the event is on another. ``figure``: 1 if it asks for a figure and the quote has none; ``many``: 1 if it
    asks for one. ``passage``: fused score of the quoted passage. ``gap``: score of the first passage less the mean of
    the next four.
    """
    if not chosen:
        return {}
    first = chosen[0]
    topic = topic_terms(understood)
    if not topic and not _anchored(understood):
        topic = full_text.terms(understood.text)
    names = name_terms(understood)
    weights = rarity([*topic, *names])
    held = stems_about(first.hit)
    missing = [term for term in topic if full_text.stem(term) not in held]
    unmet = [weights[term] for term in names if full_text.stem(term) not in held]
    share = full_text.share(topic, held, weights) if topic else 1.0
    return {
        "constant": 1.0,
        "cosine": first.features["cosine"],
        "peak": first.features["cosine"] - _level(first.hit, hits),
        "topic": share,
        "best": _best_share(first.hit, hits, topic, weights) if topic else 1.0,
        "elsewhere": max(0.0, _share_elsewhere(first.hit, hits, topic, weights) - share),
        "missing": min(1.0, sum(weights[term] for term in missing) / _MUCH_MISSING),
        "unmet": min(1.0, max(unmet, default=0.0) / _RARE),
        "silent": float(bool(topic) and len(missing) == len(topic)),
        "length": min(1.0, len(topic) / _MANY_TERMS),
        "absent": float(any(not full_text.stems(name) & held for name in understood.people)),
        **_event_features(first.hit, understood),
        **_figure_features(first.text, understood),
        "passage": first.hit.score,
        "gap": hits[0].score - _mean([hit.score for hit in hits[1:5]]),
    }


def _event_features(first: Hit, understood: Understanding) -> dict[str, float]:
    trail = {stage.stage: stage.score for stage in first.trail}
    date = trail.get("date", 1.0)
    return {
        "parties": trail.get("party", 1.0),
        "date": date,
        "another_day": float(_names_a_day(understood) and date == 0.0),
    }


def _figure_features(quote: str, understood: Understanding) -> dict[str, float]:
    asked = fold(understood.text)
    return {
        "figure": float(bool(_FIGURE_ASKED.search(asked)) and not _FIGURE.search(quote)),
        "many": float(bool(_MANY.search(asked))),
    }


def stems_about(hit: Hit) -> frozenset[str]:
    """Stems of a passage, with the title, parties, date, kind and place of its readout."""
    return _stems_around(hit.passage.source, hit.facts) | sentence_stems(hit.passage).keys()


@lru_cache(maxsize=PASSAGES_KEPT)
def _stems_around(source: Source, facts: Facts) -> frozenset[str]:
    # Part by part: what readouts share is stemmed once for all of them.
    others = (f"{one.name} {one.office} {one.country}" for one in facts.participants)
    day = facts.event_date.strftime("%d %B %Y %b") if facts.event_date else ""
    return head_stems(source, facts).union(*map(full_text.stems, (source.issuer, *others, day, facts.kind)))


def _level(first: Hit, hits: Sequence[Hit]) -> float:
    """Mean cosine of the question with the sentences of the quoted readout, as far as it was found; 0 without cosines."""
    here = {
        hit.passage.paragraph: hit for hit in (*hits, first) if hit.passage.source.doc_id == first.passage.source.doc_id
    }
    cosines = [cosine for hit in here.values() for cosine in hit.sentence_scores]
    return _mean(cosines)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _best_share(first: Hit, hits: Sequence[Hit], topic: Sequence[str], weights: Mapping[str, float]) -> float:
    """Largest share of the topic, less what the readout's title, parties and place hold, in one sentence of the readout."""
    facts = first.facts
    parties = (f"{party.name} {party.country}" for party in facts.parties)
    head = full_text.stems(first.passage.source.title).union(*map(full_text.stems, (*parties, facts.place)))
    wanted = [term for term in topic if full_text.stem(term) not in head] or topic
    total = sum(weights[term] for term in wanted)
    here = [hit.passage for hit in (first, *hits) if hit.passage.source.doc_id == first.passage.source.doc_id]
    best = max((held for passage in here for held in _held_by_sentences(passage, wanted, weights)), default=0.0)
    return best / total if total else 0.0


def _held_by_sentences(passage: Passage, terms: Sequence[str], weights: Mapping[str, float]) -> list[float]:
    """Total weight of the terms that each sentence holds."""
    stems, held = sentence_stems(passage), [0.0] * len(passage.sentences)
    for term in terms:
        places = stems.get(full_text.stem(term), 0)
        while places:
            held[(places & -places).bit_length() - 1] += weights[term]
            places &= places - 1
    return held


def _share_elsewhere(first: Hit, hits: Sequence[Hit], topic: Sequence[str], weights: Mapping[str, float]) -> float:
    ours = first.passage.source.doc_id
    others = [(hit.passage, hit.facts) for hit in hits[:_ELSEWHERE] if hit.passage.source.doc_id != ours]
    return max(
        (
            full_text.share(topic, sentence_stems(passage), weights, _stems_around(passage.source, facts))
            for passage, facts in others
        ),
        default=0.0,
    )


def _anchored(understood: Understanding) -> bool:
    """Whether a question names a party, a day or a filter."""
    preferred = understood.preferred
    return bool(preferred.parties or preferred.date_from or preferred.date_to or understood.filters)


def _names_a_day(understood: Understanding) -> bool:
    first, last = understood.preferred.date_from, understood.preferred.date_to
    return first is not None and last is not None and (last - first).days <= NARROW_DAYS
