"""Index, conversations and searches in the first version of their tables, made from present ones, to be brought up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index.checksums import SUFFIX
from index.database import FILE_NAME

#: Takes away what the versions of the tables brought after the first.
NEWER = (
    *("DROP TABLE people", "DROP TABLE people_words", "DROP TABLE people_documents", "DROP TABLE people_called"),
    *("DROP INDEX documents_language", "ALTER TABLE documents DROP COLUMN language"),
    *("DROP TABLE postings", "DROP TABLE bands"),
    *("DROP TABLE versions", "DROP TABLE seen"),
    *("DROP TABLE pages", "ALTER TABLE files DROP COLUMN fields"),
    *("ALTER TABLE documents DROP COLUMN seal", "ALTER TABLE embeddings DROP COLUMN seal"),
    *("DROP TABLE party_words", "DROP TABLE common", "DROP INDEX parties_folded", "DROP INDEX documents_kind"),
    "DELETE FROM meta WHERE key IN ('counts', 'counted', 'vectors', 'duplicates', 'words', 'people', 'span')",
    "PRAGMA user_version = 1",
)


#: What was said in turns as it was kept before it had seals.
OLDER_WORDS = """
CREATE VIRTUAL TABLE turn_words USING fts5 (conversation UNINDEXED, words, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO turn_words SELECT conversation, words FROM said ORDER BY conversation DESC, number;
DROP TABLE said;
"""


def make_old(built: Path) -> None:
    """Make an index one of the first version; its vectors were kept in files of another kind."""
    database = sqlite3.connect(built / FILE_NAME)
    for statement in NEWER:
        database.execute(statement)
    database.commit()
    database.close()
    for path in built.iterdir():
        if path.suffix in (".rows", ".vectors"):
            path.unlink()
    (built / (FILE_NAME + SUFFIX)).unlink(missing_ok=True)
    (built / "passages-1.faiss").touch(mode=0o600)


def make_old_kept(folder: Path) -> None:
    """Make conversations and saved searches of the first version of their tables, without seals."""
    columns: dict[str, dict[str, tuple[str, ...]]] = {
        "history.sqlite": {"turns": ("seal",), "conversations": ("count", "seal")},
        "saved.sqlite": {"searches": ("seal", "told")},
    }
    for name, tables in columns.items():
        with closing(sqlite3.connect(folder / name)) as database:
            if name == "history.sqlite":
                database.executescript(OLDER_WORDS)
            for table, gone in tables.items():
                for column in gone:
                    database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            database.executescript("PRAGMA user_version = 1; PRAGMA application_id = 0;")
