"""What was said in turns, for the search through conversations: kept in sealed rows, and indexed in memory when it is searched.

A full text in the file would have bytes that no answer shows and no seal covers, so that damage of them would not be found;
it is made about as quickly as it would be verified.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

#: What the seal of a row is of; ``words`` are the question's, the answer's and those of the titles quoted.
SEALED = "conversation, number, words"
TABLE = """
CREATE TABLE said (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    seal INTEGER,
    words TEXT NOT NULL,
    PRIMARY KEY (conversation, number)
);
"""
#: From the full text in the file that was before, of whose rows of a conversation the n-th is of its n-th turn.
MIGRATION = f"""
INSERT INTO turn_words (turn_words, rank) VALUES ('integrity-check', 0);
{TABLE}
INSERT INTO said SELECT conversation, number, seal({SEALED}), words FROM (
    SELECT conversation, row_number() OVER (PARTITION BY conversation ORDER BY rowid) AS number, words FROM turn_words
) WHERE conversation IN (SELECT id FROM conversations);
DROP TABLE turn_words;
"""
#: Find the name of a row that is not as it was written, and of a conversation of which rows are missing.
TORN = (
    "SELECT 'what was said in turn ' || number || ' of the conversation ' || conversation FROM said NOT INDEXED "
    f"WHERE seal IS NOT seal({SEALED})"
)
MISSING = (
    "SELECT 'what was said in the conversation ' || id FROM "
    "(SELECT id, count FROM conversations NOT INDEXED EXCEPT SELECT conversation, count(*) FROM said NOT INDEXED GROUP BY 1)"
)
_FULL_TEXT = """
CREATE VIRTUAL TABLE IF NOT EXISTS temp.said_words USING fts5 (
    conversation UNINDEXED, seal UNINDEXED, words, tokenize = 'porter unicode61 remove_diacritics 2'
)
"""


def keep(database: sqlite3.Connection, conversation: str, number: int, words: str) -> None:
    """Keep what was said in a turn; within a transaction."""
    database.execute("INSERT INTO said VALUES (?1, ?2, seal(?1, ?2, ?3), ?3)", (conversation, number, words))


def conversations_with(database: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """Ids of conversations with a turn in which all these words were said, or words that begin with them.

    Raises:
        sqlite3.DatabaseError: What was said is not as it was written.
    """
    match = " AND ".join(f'"{word}"*' for word in words)
    database.execute("BEGIN")
    with database:
        _index(database)
        found = database.execute("SELECT DISTINCT conversation FROM temp.said_words WHERE said_words MATCH ?", (match,))
        return [str(row[0]) for row in found]


def _index(database: sqlite3.Connection) -> None:
    """Bring the full text in memory to what the file holds now: of this connection alone, it ends with it."""
    database.execute(_FULL_TEXT)
    missing = database.execute(MISSING).fetchone()
    fresh = database.execute(
        f"SELECT said.rowid, conversation, seal, words, seal IS seal({SEALED}) FROM said NOT INDEXED "
        "WHERE (rowid, seal) NOT IN (SELECT rowid, seal FROM temp.said_words)"
    ).fetchall()
    if missing or not all(row[-1] for row in fresh):
        raise sqlite3.DatabaseError("what was said in their turns is malformed")
    # A row whose conversation was deleted may have given its place to another.
    database.execute("DELETE FROM temp.said_words WHERE (rowid, seal) NOT IN (SELECT rowid, seal FROM said)")
    database.executemany(
        "INSERT INTO temp.said_words (rowid, conversation, seal, words) VALUES (?, ?, ?, ?)", (row[:4] for row in fresh)
    )
