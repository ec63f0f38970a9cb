"""How well the facts read by rule agree with labels made by hand.

``python -m benchmarks.facts CORPUS… --labels benchmarks/labels/facts.jsonl`` prints precision, recall and F1 of each fact, a
table for each file of labels: some are for improving rules, others are kept to see how rules do on unseen readouts.

Dates agree if they are the same day; parties if they share a surname or, if one side has no name, the country;
places if one folded name contains the other. Labels without a day are left out of the dates.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.datatypes import Document, Facts, Party
from index.facts.countries import country_of
from index.facts.reading import read_facts
from index.readers import find_files, read_file
from index.textforms import fold

_WORD = re.compile(r"[^\W_]+")
_NOT_SURNAMES = frozenset(
    {"jr", "sr", "ii", "iii", "bin", "bint", "al", "el", "de", "da", "von", "van", "der", "the", "la"}
)


@dataclass(slots=True)
class Tally:
    """Counts of one fact.

    Attributes:
        found: Values read by rule.
        wanted: Values labelled.
        right: Values on which both agree.
        errors: One line for each disagreement.
    """

    found: int = 0
    wanted: int = 0
    right: int = 0
    errors: list[str] = field(default_factory=list)

    def add(self, doc_id: str, got: str, want: str, *, same: bool) -> None:
        """Count one value of one readout; an empty value counts for neither side."""
        self.found += bool(got)
        self.wanted += bool(want)
        self.right += bool(got and want and same)
        if (got or want) and not (got and want and same):
            self.errors.append(f"{doc_id}: {got or '–'} instead of {want or '–'}")

    def row(self, name: str) -> str:
        """One line of the table."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        counts = f"{self.right:5d} of {self.wanted} labelled, {self.found} read"
        return f"{name:28s} {precision:6.3f} {recall:6.3f} {both:6.3f}  {counts}"


def compare(documents: Iterable[Document], labels: Mapping[str, Mapping[str, Any]]) -> dict[str, Tally]:
    """Tallies by fact: event_date, kind, diplomatic, place, parties, countries, people; and kind by kind."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for document in documents:
        label = labels.get(document.source.doc_id)
        if label is not None:
            _compare_one(document.source.doc_id, read_facts(document), label, tallies)
    return dict(tallies)


def _compare_one(doc_id: str, facts: Facts, label: Mapping[str, Any], tallies: dict[str, Tally]) -> None:
    if label.get("event_date"):
        day = facts.event_date.isoformat() if facts.event_date else ""
        tallies["event_date"].add(doc_id, day, label["event_date"], same=day == label["event_date"])
    kind = facts.kind.value
    tallies["kind"].add(doc_id, kind, label["kind"], same=kind == label["kind"])
    tallies[f"  {label['kind']}"].add(doc_id, "", label["kind"], same=False)
    tallies[f"  {kind}"].add(doc_id, kind, "", same=False)
    tallies[f"  {kind}"].right += kind == label["kind"]
    diplomatic = str(facts.diplomatic)
    tallies["diplomatic"].add(doc_id, diplomatic, str(label["diplomatic"]), same=diplomatic == str(label["diplomatic"]))
    tallies["place"].add(doc_id, facts.place, label["place"], same=_same_place(facts.place, label["place"]))
    _compare_parties(doc_id, facts.parties, label["parties"], tallies)


def _compare_parties(
    doc_id: str, parties: Sequence[Party], labelled: Sequence[Mapping[str, str]], tallies: dict[str, Tally]
) -> None:
    tally = tallies["parties"]
    left = list(labelled)
    missed = []
    for party in parties:
        match = next(
            (want for want in left if same_party(party.name, party.country, want["name"], want["country"])), None
        )
        if match is None:
            missed.append(f"{party.name} ({party.country})")
        else:
            left.remove(match)
    tally.found += len(parties)
    tally.wanted += len(labelled)
    tally.right += len(parties) - len(missed)
    if missed or left:
        lacking = [f"{want['name']} ({want['country']})" for want in left]
        tally.errors.append(f"{doc_id}: too many {missed}, lacking {lacking}")
    countries = {country_of(want["country"]) or want["country"] for want in labelled if want["country"]}
    read = {party.country for party in parties if party.country}
    tallies["countries"].found += len(read)
    tallies["countries"].wanted += len(countries)
    tallies["countries"].right += len(read & countries)
    if read != countries:
        tallies["countries"].errors.append(f"{doc_id}: {sorted(read)} instead of {sorted(countries)}")


def same_party(name: str, country: str, other_name: str, other_country: str) -> bool:
    """Whether two parties are one: a shared surname, otherwise the country where either has no name."""
    first, second = _words(name), _words(other_name)
    if first and second:
        return first[-1] in second or second[-1] in first
    return bool(country) and (country_of(country) or country) == (country_of(other_country) or other_country)


def _words(name: str) -> list[str]:
    return [word for word in _WORD.findall(fold(name).replace("-", "")) if len(word) > 1 and word not in _NOT_SURNAMES]


def _same_place(one: str, other: str) -> bool:
    first, second = fold(one).removeprefix("the "), fold(other).removeprefix("the ")
    return bool(first and second) and (first in second or second in first)


def documents(paths: Sequence[Path]) -> Iterable[Document]:
    """Every document of the files and folders given."""
    files, _ = find_files(paths)
    for path in files:
        for item in read_file(path, path.read_bytes()):
            if isinstance(item, Document):
                yield item


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit code 1 if no label fits a document."""
    parser = argparse.ArgumentParser(description="Compare facts read by rule with labels made by hand.")
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS", help="files and folders of readouts")
    parser.add_argument(
        "--labels", type=Path, required=True, action="append", help="labels, one JSON object a line; repeatable"
    )
    parser.add_argument("--errors", action="store_true", help="list every disagreement")
    options = parser.parse_args(arguments)
    found = 0
    read = list(documents(options.corpora))
    for path in options.labels:
        tallies = compare(read, _labels(path))
        found += len(tallies)
        sys.stdout.write(f"{path.name:28s} {'prec.':>6s} {'recall':>6s} {'F1':>6s}\n" if tallies else "")
        for name, tally in tallies.items():
            sys.stdout.write(tally.row(name) + "\n")
        for name, tally in tallies.items() if options.errors else ():
            for error in tally.errors if not name.startswith(" ") else ():
                sys.stdout.write(f"{name}: {error}\n")
    if not found:
        sys.stderr.write("No label fits a document of these corpora.\n")
    return 0 if found else 1


def _labels(path: Path) -> dict[str, Mapping[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {label["doc_id"]: label for label in map(json.loads, filter(str.strip, lines))}


if __name__ == "__main__":
    sys.exit(main())
