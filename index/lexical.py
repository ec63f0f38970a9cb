"""Full text as the database keeps it: what words find, and how many passages hold a word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index import full_text
from index.database import Database, translate
from index.datatypes import Query
from index.protocols import Ids
from index.rows import as_json, party_names

#: What a term counts in the title, the body and the names of the parties.
COLUMN_WEIGHTS = "2.0, 1.0, 0.5"
#: Passages holding the terms of a question that are scored for it, roughly; one takes about 0.6 µs. An index of some thousand
#: passages is never asked for as many.
SCORED = 20_000
#: What a word of a phrase costs wherever it stands, in passages scored: its places are compared with those of the others.
COMPARED = 0.025
#: What a passage costs that a filter then leaves out, in passages scored.
PASSED_OVER = 0.15
#: Passages that are compared with a phrase at once, so that their texts need not be held all together.
READ_AT_ONCE = 5000
#: Allowed passages that are handed over as a list; of more a mask is looked up.
LISTED = 2000
#: Passages from which on the counts of common words are kept, and the share of all that makes a word common.
COUNTED_FROM, COMMON = 20_000, 0.01
#: Counts of words that are kept from question to question, beside those of the common ones.
COUNTS_KEPT = 50_000
#: By how much the passages may grow or shrink before common words are counted again.
GROWN = 0.1


class LexicalDatabase(Database):
    """The full-text part of a catalogue."""

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        super().__init__(folder, write=write)
        self._counted: dict[str, int] = {}
        self._counted_at: object = None
        try:
            with translate(self.path):
                # Here and not where it is asked: made within a snapshot it would end with it.
                self._database.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, full_text, row)")
        except BaseException:
            self.give_up()
            raise

    def ranked(self, query: Query, limit: int, allowed: Ids | None, passages: int) -> dict[int, float]:
        """Passages that hold terms of a query, with their BM25 scores, best first.

        If a question has words that a large share of the passages hold, only its rarest terms are asked for: the others add
        little to a score, and would take all the time.

        Args:
            query: Its terms are alternatives; its phrases must all be held.
            limit: How many at most.
            allowed: Only among these passages; None for all.
            passages: How many passages there are.
        """
        share = 1.0 if allowed is None else len(allowed) / max(passages, 1)
        cost = PASSED_OVER + (1 - PASSED_OVER) * share
        terms = self.affordable(full_text.asked(query), SCORED / cost)
        return self.full_text(full_text.expression(query, terms), limit, allowed)

    def affordable(self, terms: Sequence[str], budget: float) -> tuple[str, ...]:
        """The rarest terms, as many as no more than ``budget`` passages hold, but at least one; in their order."""
        stems = {term: [full_text.stem(word) for word in full_text.words(term)] for term in terms}
        counts = self.frequencies(list(dict.fromkeys(stem for found in stems.values() for stem in found)))
        held = {term: _cost([counts.get(stem, 0) for stem in found]) for term, found in stems.items()}
        if sum(held.values()) <= budget:
            return tuple(terms)
        kept: set[str] = set()
        for term in sorted(held, key=lambda term: held[term]):
            budget -= held[term]
            if budget < 0 and any(held[one] for one in kept):
                break
            kept.add(term)
        return tuple(term for term in terms if term in kept)

    def full_text(self, expression: str, limit: int | None, allowed: Ids | None) -> dict[int, float]:
        """Passages that full text finds, with their BM25 scores, best first.

        Args:
            expression: In the language of FTS5; an empty one finds nothing.
            limit: How many at most.
            allowed: Only among these passages; None for all.
        """
        if not expression:
            return {}
        within, values = self._within(allowed)
        found = self.run(
            f"SELECT rowid, -bm25(full_text, {COLUMN_WEIGHTS}) AS score FROM full_text "
            f"WHERE full_text MATCH ? {within} ORDER BY score DESC, rowid LIMIT ?",
            [expression, *values, -1 if limit is None else limit],
        )
        return dict(found)

    def _within(self, allowed: Ids | None) -> tuple[str, list[object]]:
        """The condition that keeps full text to these passages, with its values."""
        if allowed is None:
            return "", []
        if len(allowed) <= LISTED:
            # The plus keeps SQLite from asking the full text once for every id that is allowed.
            return "AND +rowid IN (SELECT value FROM json_each(?))", [as_json(allowed)]
        # Only passages that hold a term are looked up, not all that are allowed handed over; a method of bytes costs no frame.
        last = int(self.run("SELECT max(id) FROM passages")[0][0])
        mask = np.zeros(last + 1, dtype=np.uint8)
        mask[allowed[allowed <= last]] = 1
        with self._lock, translate(self.path):
            self._connection.create_function("allowed", 1, mask.tobytes().__getitem__)
        return "AND allowed(rowid)", []

    def holding(self, expression: str) -> Ids:
        """Ids of all passages that full text finds, ascending, without scores."""
        if not expression:
            return np.empty(0, dtype=np.int64)
        found = self.run("SELECT rowid FROM full_text WHERE full_text MATCH ? ORDER BY rowid", (expression,))
        return np.fromiter((r[0] for r in found), dtype=np.int64, count=len(found))

    def saying(self, passages: Ids, phrases: Sequence[str]) -> Ids:
        """The passages that hold every phrase word for word, in their text or title; ids ascending.

        Full text knows only stems: to it, "calls" and "called" are the same.
        """
        exactly, kept = full_text.Exactly(phrases), []
        for start in range(0, len(passages), READ_AT_ONCE):
            # Each text once, one after the other: of a long one's passages all would read it.
            with self._lock, translate(self.path):
                found = self._connection.execute(
                    "SELECT title, text, those FROM (SELECT document, json_group_array(json_array(id, first, last)) AS those "
                    "FROM passages WHERE id IN (SELECT value FROM json_each(?)) GROUP BY document) "
                    "JOIN documents ON documents.id = document",
                    (as_json(passages[start : start + READ_AT_ONCE]),),
                )
                for title, text, those in found:
                    missing = exactly.missing(title)
                    kept += [
                        row
                        for row, first, last in json.loads(those)
                        if not (missing and missing & exactly.missing(text[first:last]))
                    ]
        return np.array(sorted(kept), dtype=np.int64)

    def remake_full_text(self) -> None:
        """Make the full text again from the texts; within a transaction."""
        self.run("INSERT INTO full_text (full_text) VALUES ('delete-all')")
        for (row,) in self.run("SELECT id FROM documents ORDER BY id"):
            title, text = self.run("SELECT title, text FROM documents WHERE id = ?", (row,))[0]
            names = party_names(self._connection, row)
            for passage, first, last in self.run("SELECT id, first, last FROM passages WHERE document = ?", (row,)):
                self.run(
                    "INSERT INTO full_text (rowid, title, body, names) VALUES (?, ?, ?, ?)",
                    (passage, full_text.plain(title), full_text.plain(text[first:last]), names),
                )

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """How many passages (body, title or names) hold each of these stems; without those that none holds.

        Counts of words that are common in a large index are scaled from when they were last counted.
        """
        with self._lock, translate(self.path):
            generation = self.meta("generation")
            if generation != self._counted_at:
                self._counted, self._counted_at = self._common(), generation
            if len(self._counted) > COUNTS_KEPT:
                self._counted = self._common()
            self._count([stem for stem in stems if stem not in self._counted])
            return {stem: self._counted[stem] for stem in stems if self._counted[stem]}

    def is_word(self, word: str) -> bool:
        """Whether any passage, title or name holds this word or another form of it."""
        return bool(self.frequencies([full_text.stem(word)]))

    def count_common(self, passages: int) -> None:
        """Count the common words of a large index if it has grown since they were counted; within a transaction."""
        last = self._connection.execute("SELECT value FROM meta WHERE key = 'counted'").fetchone()
        if passages < COUNTED_FROM or (last and abs(passages - int(last[0])) <= GROWN * int(last[0])):
            return
        self._connection.execute("DELETE FROM common")
        self._connection.execute(
            "INSERT INTO common SELECT term, doc FROM temp.words WHERE doc >= ?", (COMMON * passages,)
        )
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('counted', ?)", (str(passages),))

    def _common(self) -> dict[str, int]:
        last = self._connection.execute("SELECT value FROM meta WHERE key = 'counted'").fetchone()
        if last is None:
            return {}
        (now,) = self._connection.execute("SELECT count(*) FROM full_text_docsize").fetchone()
        grown = now / int(last[0])
        return {stem: round(count * grown) for stem, count in self._connection.execute("SELECT * FROM common")}

    def _count(self, stems: Sequence[str]) -> None:
        if not stems:
            return
        marks = ", ".join("?" * len(stems))
        self._counted.update(dict.fromkeys(stems, 0))
        self._counted.update(
            self._connection.execute(f"SELECT term, doc FROM temp.words WHERE term IN ({marks})", stems)
        )


def _cost(counts: Sequence[int]) -> float:
    """The cost, in passages scored, of a term whose words are each in so many passages; 0 if one of them is in none."""
    least = min(counts, default=0)
    return least + COMPARED * sum(counts) if least and len(counts) > 1 else least
