"""Conversations on disk: every turn is written when it is answered, and found again by its words."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from pathlib import Path

from assistant.datatypes import Answer, Conversation, Turn
from assistant.errors import DamagedHistoryError, HistoryError
from assistant.filter_words import refuse_long
from assistant.storage import Storage
from index import codec
from index.errors import FilterError
from index.full_text import plain, words
from index.textforms import fold, storable

FILE_NAME = "history.sqlite"
#: What the seal of a turn is of.
SEALED = "conversation, number, asked_at, answer"
_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, started_at TEXT NOT NULL, touched_at TEXT NOT NULL
);
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    answer TEXT NOT NULL,
    seal INTEGER,
    PRIMARY KEY (conversation, number)
);
CREATE VIRTUAL TABLE turn_words USING fts5 (
    conversation UNINDEXED, words, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
_MIGRATION = f"""
ALTER TABLE turns ADD COLUMN seal INTEGER;
UPDATE turns SET seal = seal({SEALED});
"""
#: Length at which a first question is cut to serve as a title.
TITLE_LENGTH = 80


class History:
    """The conversations of one person, in one file; opened when first needed, safe from any thread.

    Args:
        folder: Where the file is; None keeps conversations in memory, for as long as this object lives.
    """

    def __init__(self, folder: Path | None) -> None:
        self._storage = Storage(
            folder,
            FILE_NAME,
            _TABLES,
            _MIGRATION,
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
        """Look through everything.

        Raises:
            DamagedHistoryError: Something is not as it was written.
        """
        self._storage.check("turns", SEALED, "'turn ' || number || ' of the conversation ' || conversation")

    def start(self, title: str = "") -> str:
        """Begin a conversation; returns its id. It is kept from its first turn on."""
        conversation = secrets.token_hex(4)
        self._begun.add(conversation)
        return conversation

    def began(self, conversation: str) -> bool:
        """Whether a conversation was begun here, and no turn of it is kept yet."""
        return conversation in self._begun

    def add_turn(self, conversation: str, answer: Answer, *, asked_at: dt.datetime | None = None) -> Turn:
        """Write a turn behind the others of its conversation, which is begun where it is new."""
        now = asked_at or dt.datetime.now(dt.UTC)
        title = storable(" ".join(answer.question.split())[:TITLE_LENGTH])
        written = storable(json.dumps(codec.encode(answer), ensure_ascii=False))
        with self._storage.writing() as database:
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at",
                (conversation, title, now.isoformat(), now.isoformat()),
            )
            last = database.execute("SELECT max(number) FROM turns WHERE conversation = ?", (conversation,)).fetchone()[
                0
            ]
            turn = Turn(number=(last or 0) + 1, asked_at=now, answer=answer)
            database.execute(
                "INSERT INTO turns VALUES (?1, ?2, ?3, ?4, seal(?1, ?2, ?3, ?4))",
                (conversation, turn.number, now.isoformat(), written),
            )
            titles = " ".join(dict.fromkeys(citation.source.title for citation in answer.citations))
            said = plain(f"{answer.question} {answer.text} {titles}")
            database.execute("INSERT INTO turn_words VALUES (?, ?)", (conversation, said))
        self._begun.discard(conversation)
        return turn

    def turns(self, conversation: str, *, last: int | None = None, before: int | None = None) -> tuple[Turn, ...]:
        """Turns in order; none for an unknown conversation.

        Reading one turn back takes two milliseconds, so that whoever needs the end alone asks for the end alone.

        Args:
            conversation: Its id.
            last: At most so many, the last ones.
            before: Only turns of a lower number.
        """
        with self._storage.reading() as database:
            found = database.execute(
                f"SELECT number, asked_at, answer, seal IS NULL OR seal = seal({SEALED}) FROM turns "
                "WHERE conversation = ? AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?",
                (conversation, before, before, -1 if last is None else last),
            ).fetchall()
        torn = [str(number) for number, *_, whole in reversed(found) if not whole]
        if torn:
            raise DamagedHistoryError(
                f"The conversation {conversation} is damaged: not as it was written is turn {', '.join(torn)}.",
                mend="Save what can be saved with: readouts doctor --repair",
            )
        try:
            return tuple(
                Turn(number=n, asked_at=dt.datetime.fromisoformat(at), answer=codec.decode(Answer, json.loads(answer)))
                for n, at, answer, _ in reversed(found)
            )
        except (ValueError, TypeError, KeyError, FilterError) as error:
            raise HistoryError(
                f"The conversation {conversation} cannot be read back: {error}.",
                mend="It is kept as it is; begin a new one.",
            ) from error

    def conversation(self, conversation: str, *, last: int | None = None) -> Conversation:
        """A conversation with its turns, or with the last so many of them; its ``count`` is that of all.

        Raises:
            HistoryError: There is none of this id.
        """
        with self._storage.reading() as database:
            found = database.execute(
                "SELECT title, started_at, (SELECT count(*) FROM turns WHERE conversation = id) FROM conversations "
                "WHERE id = ?",
                (conversation,),
            ).fetchone()
        if found is None:
            raise HistoryError(f"There is no conversation {conversation}.", mend="See them with: readouts history")
        return Conversation(
            id=conversation,
            title=found[0],
            started_at=dt.datetime.fromisoformat(found[1]),
            turns=self.turns(conversation, last=last),
            count=found[2],
        )

    def conversations(self, query: str = "") -> tuple[Conversation, ...]:
        """Conversations without their turns, the one talked in last first.

        Args:
            query: Only those in whose questions, quotes or titles of quoted readouts all these words stand, or whose own
                title holds them.

        Raises:
            QuestionError: They are far too many.
        """
        refuse_long(query)
        condition, values = "1", []
        asked = words(query)
        if asked:
            match = " AND ".join(f'"{word}"*' for word in asked)
            condition = "id IN (SELECT conversation FROM turn_words WHERE turn_words MATCH ?) OR instr(fold(title), ?)"
            values = [match, storable(fold(query)).strip()]
        with self._storage.reading() as database:
            found = database.execute(
                "SELECT id, title, started_at, (SELECT count(*) FROM turns WHERE conversation = id) FROM conversations "
                f"WHERE {condition} ORDER BY touched_at DESC, rowid DESC",
                values,
            ).fetchall()
        return tuple(
            Conversation(id=i, title=title, started_at=dt.datetime.fromisoformat(at), count=count)
            for i, title, at, count in found
        )

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            HistoryError: There is none of this id, or the title is empty.
        """
        title = storable(" ".join(title.split()))
        if not title:
            raise HistoryError("A conversation needs a title.", mend="Type a few words.")
        with self._storage.reading() as database:
            changed = database.execute(
                "UPDATE conversations SET title = ? WHERE id = ?", (title, conversation)
            ).rowcount
        if not changed:
            raise HistoryError(f"There is no conversation {conversation}.", mend="See them with: readouts history")

    def delete(self, conversation: str) -> None:
        """Delete a conversation and its turns, for good.

        Raises:
            HistoryError: There is none of this id.
        """
        with self._storage.writing() as database:
            database.execute("DELETE FROM turn_words WHERE conversation = ?", (conversation,))
            deleted = database.execute("DELETE FROM conversations WHERE id = ?", (conversation,)).rowcount
        if not deleted:
            raise HistoryError(f"There is no conversation {conversation}.", mend="See them with: readouts history")
