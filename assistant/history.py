"""Conversations on disk: every turn is written when it is answered, and found again by its words."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import said
from assistant.datatypes import Answer, Conversation, Turn
from assistant.errors import DamagedHistoryError, HistoryError
from assistant.filter_words import refuse_long
from assistant.storage import Storage, refuse_missing
from index import codec
from index.errors import FilterError
from index.full_text import plain, words
from index.textforms import fold, storable

FILE_NAME = "history.sqlite"
#: What the seals of a turn and of a conversation are of; ``count`` is how many turns it has.
SEALED = "conversation, number, asked_at, answer"
SEALED_TALK = "id, title, started_at, touched_at, count"
_TABLES = f"""
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, started_at TEXT NOT NULL, touched_at TEXT NOT NULL, count INTEGER, seal INTEGER
);
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    answer TEXT NOT NULL,
    seal INTEGER,
    PRIMARY KEY (conversation, number)
);
{said.TABLE}
"""
_MIGRATIONS = {
    2: f"""
ALTER TABLE turns ADD COLUMN seal INTEGER;
UPDATE turns SET seal = seal({SEALED});
""",
    3: f"""
ALTER TABLE conversations ADD COLUMN count INTEGER;
ALTER TABLE conversations ADD COLUMN seal INTEGER;
UPDATE conversations SET count = (SELECT count(*) FROM turns WHERE conversation = id);
UPDATE conversations SET seal = seal({SEALED_TALK});
""",
    4: "",  # Seals the tables alone.
    5: said.MIGRATION,
}
#: Length at which a first question is cut to serve as a title.
TITLE_LENGTH = 80


class History:
    """The conversations of one user, in one file; opened when first needed, safe from any thread.

    Args:
        folder: Where the file is; None keeps conversations in memory, for as long as this object lives.
    """

    def __init__(self, folder: Path | None) -> None:
        self._storage = Storage(
            folder,
            FILE_NAME,
            _TABLES,
            _MIGRATIONS,
            holds="conversations",
            error=HistoryError,
            damaged=DamagedHistoryError,
            functions={"fold": fold},
        )
        self._begun: set[str] = set()

    @property
    def folder(self) -> Path | None:
        """Where the file is; None in memory."""
        return self._storage.folder

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        self._storage.close()

    def copy_to(self, path: Path) -> None:
        """Write a copy of everything, of one moment, into a new file."""
        self._storage.copy_to(path)

    def check(self) -> None:
        """Check everything.

        Raises:
            DamagedHistoryError: Something is not as it was written.
        """
        self._storage.check(
            f"SELECT 'turn ' || number || ' of the conversation ' || conversation FROM turns WHERE seal IS NOT seal({SEALED})",
            f"SELECT 'the conversation ' || id FROM conversations WHERE seal IS NOT seal({SEALED_TALK})",
            "SELECT 'the conversation ' || id FROM conversations "
            "WHERE count != (SELECT count(*) FROM turns WHERE conversation = id)",
            said.TORN,
            said.MISSING,
        )

    def start(self) -> str:
        """Begin a conversation and return its id. It is kept from its first turn on."""
        conversation = secrets.token_hex(4)
        self._begun.add(conversation)
        return conversation

    def began(self, conversation: str) -> bool:
        """Whether a conversation was begun here and has no turn that is kept yet."""
        return conversation in self._begun

    def add_turn(self, conversation: str, answer: Answer, *, asked_at: dt.datetime | None = None) -> Turn:
        """Append a turn to its conversation, which is created if it is new."""
        now = asked_at or dt.datetime.now(dt.UTC)
        title = storable(" ".join(answer.question.split())[:TITLE_LENGTH])
        written = storable(json.dumps(codec.encode(answer), ensure_ascii=False))
        with self._storage.writing() as database:
            talk = self._talk(database, conversation)
            turn = Turn(number=talk[3] + 1 if talk else 1, asked_at=now, answer=answer)
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, 1, NULL) "
                "ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at, count = count + 1",
                (conversation, title, now.isoformat(), now.isoformat()),
            )
            self._seal(database, conversation)
            database.execute(
                "INSERT INTO turns VALUES (?1, ?2, ?3, ?4, seal(?1, ?2, ?3, ?4))",
                (conversation, turn.number, now.isoformat(), written),
            )
            titles = " ".join(dict.fromkeys(citation.source.title for citation in answer.citations))
            said.keep(database, conversation, turn.number, plain(f"{answer.question} {answer.text} {titles}"))
        self._begun.discard(conversation)
        return turn

    def turns(self, conversation: str, *, last: int | None = None, before: int | None = None) -> tuple[Turn, ...]:
        """Turns in order; none for an unknown conversation.

        Reading one turn takes two milliseconds, so ask only for the end if only the end is needed.

        Args:
            conversation: Its id.
            last: At most so many turns, the last ones.
            before: Only turns with a lower number.
        """
        with self._storage.reading() as database:
            found = database.execute(
                f"SELECT conversations.seal IS seal({SEALED_TALK}), count, "
                f"number, asked_at, answer, turns.seal IS seal({SEALED}) "
                "FROM conversations NOT INDEXED LEFT JOIN turns ON conversation = id AND (?2 IS NULL OR number < ?2) "
                "WHERE id = ?1 ORDER BY number DESC LIMIT ?3",
                (conversation, before, -1 if last is None else last),
            ).fetchall()[::-1]
            if found:
                self._look_at(conversation, found, last, before)
            else:
                self._talk(database, conversation)
        try:
            return tuple(
                Turn(number=n, asked_at=dt.datetime.fromisoformat(at), answer=codec.decode(Answer, json.loads(answer)))
                for _, _, n, at, answer, _ in found
                if n is not None
            )
        except (ValueError, TypeError, KeyError, FilterError) as error:
            raise HistoryError(
                f"The conversation {conversation} cannot be read back: {error}.",
                mend="It is kept as it is; begin a new one.",
            ) from error

    def _look_at(self, conversation: str, found: Sequence[Sequence[Any]], last: int | None, before: int | None) -> None:
        """Refuse turns that are not as they were written, or are missing."""
        sealed, count, *_ = found[0]
        if not sealed:
            raise self._storage.damage(f"The conversation {conversation} is damaged: it is not as it was written.")
        end = min(count, (before or sys.maxsize) - 1)
        expected = range(1 if last is None else max(1, end - last + 1), end + 1)
        whole = {number for _, _, number, *_, sound in found if sound}
        if torn := [str(number) for number in expected if number not in whole]:
            raise self._storage.damage(
                f"The conversation {conversation} is damaged: not as it was written is turn {', '.join(torn)}."
            )

    def conversation(self, conversation: str, *, last: int | None = None) -> Conversation:
        """A conversation with its turns, or only the last ones; its ``count`` is that of all.

        Raises:
            HistoryError: There is none of this id.
        """
        with self._storage.reading() as database:
            talk = self._talk(database, conversation)
        if talk is None:
            raise _unknown(conversation)
        _, title, at, count = talk
        return Conversation(
            id=conversation,
            title=title,
            started_at=dt.datetime.fromisoformat(at),
            turns=self.turns(conversation, last=last),
            count=count,
        )

    def conversations(self, query: str = "") -> tuple[Conversation, ...]:
        """Conversations without their turns, the most recently used first.

        Args:
            query: Only those with a turn whose question, quotes or titles of quoted readouts hold all these words, or whose own
                title holds them.

        Raises:
            QuestionError: They are far too many.
        """
        refuse_long(query)
        asked = words(query)
        with self._storage.reading() as database:
            if asked:
                ids = said.conversations_with(database, asked)
                condition = "id IN (SELECT value FROM json_each(?)) OR instr(fold(title), ?)"
                found = self._talks(database, condition, (json.dumps(ids), storable(fold(query)).strip()))
            else:
                found = self._talks(database, "1", ())
        return tuple(
            Conversation(id=i, title=title, started_at=dt.datetime.fromisoformat(at), count=count)
            for i, title, at, count in found
        )

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation a new title.

        Raises:
            HistoryError: There is none of this id, or the title is empty.
        """
        title = storable(" ".join(title.split()))
        if not title:
            raise HistoryError("A conversation needs a title.", mend="Type a few words.")
        with self._storage.writing() as database:
            if self._talk(database, conversation) is None:
                raise _unknown(conversation)
            database.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation))
            self._seal(database, conversation)

    def delete(self, conversation: str) -> None:
        """Delete a conversation and its turns permanently.

        Raises:
            HistoryError: There is none of this id.
        """
        with self._storage.writing() as database:
            deleted = database.execute("DELETE FROM conversations WHERE id = ?", (conversation,)).rowcount
        if not deleted:
            raise _unknown(conversation)

    def _talk(self, database: sqlite3.Connection, conversation: str) -> tuple[str, str, str, int] | None:
        """One of ``_talks``; None where there is none, and none is damaged that could be the one."""
        found = self._talks(database, "id = ?", (conversation,))
        if not found:
            self._talks(database, "1", ())
        return found[0] if found else None

    def _talks(
        self, database: sqlite3.Connection, condition: str, values: Sequence[object]
    ) -> list[tuple[str, str, str, int]]:
        """Id, title, start and number of turns of conversations, the most recently used first.

        Raises:
            DamagedHistoryError: One is not as it was written.
        """
        refuse_missing(database, "conversations")
        found = database.execute(
            f"SELECT id, title, started_at, count, seal IS seal({SEALED_TALK}) "
            f"FROM conversations NOT INDEXED WHERE {condition} ORDER BY touched_at DESC, rowid DESC",
            values,
        ).fetchall()
        if torn := [str(row[0]) for row in found if not row[-1]]:
            raise self._storage.damage(f"Conversations are damaged and not as they were written: {', '.join(torn)}.")
        return [row[:-1] for row in found]

    @staticmethod
    def _seal(database: sqlite3.Connection, conversation: str) -> None:
        database.execute(f"UPDATE conversations SET seal = seal({SEALED_TALK}) WHERE id = ?", (conversation,))


def _unknown(conversation: str) -> HistoryError:
    return HistoryError(f"There is no conversation {conversation}.", mend="See them with: readouts history")
