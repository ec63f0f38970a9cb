"""Tables of the catalogue, and how an older catalogue becomes a newer one."""

from __future__ import annotations

import sqlite3

from index.errors import MismatchError

#: Raised with every change of the tables; ``MIGRATIONS`` holds the statements that lead from the version before.
SCHEMA_VERSION = 9

#: What the seals of a document and of an earlier wording are of, in SQL; pages belong to the document.
SEALED_DOCUMENT = (
    "doc_id, record_id, path, title, issuer, published, url, note, text, given, digest, "
    "(SELECT starts FROM pages WHERE document = documents.id)"
)
SEALED_VERSION = "doc_id, number, title, text, seen, superseded"

# Wordings that a readout had before, by its id, which outlives its row; and when the present one was first seen.
_VERSIONS = """
CREATE TABLE seen (document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE, at TEXT NOT NULL);
CREATE TABLE versions (
    doc_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    seen TEXT,
    superseded TEXT NOT NULL,
    PRIMARY KEY (doc_id, number)
);
"""

# Texts that were posted more than once: every member of a group, the leader (of itself too) in place 0; and the numbers by
# which texts that are nearly the same are found, with the day of each, 0 for none.
_POSTINGS = """
CREATE TABLE postings (
    document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    leader INTEGER NOT NULL,
    place INTEGER NOT NULL
);
CREATE INDEX postings_leader ON postings (leader);
CREATE TABLE bands (
    key INTEGER NOT NULL,
    day INTEGER NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (key, day, document)
) WITHOUT ROWID;
CREATE INDEX bands_document ON bands (document);
"""

# Everybody whom the readouts name (``index.people``), numbered by how many readouts name them; ``country`` is the first of
# ``countries``, ``alone`` says whether a word of a name may mean its bearer by itself.
_PEOPLE = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    offices TEXT NOT NULL,
    countries TEXT NOT NULL,
    country TEXT NOT NULL,
    spellings TEXT NOT NULL,
    first TEXT,
    last TEXT,
    count INTEGER NOT NULL
);
CREATE INDEX people_name ON people (name);
CREATE INDEX people_country ON people (country);
CREATE TABLE people_words (
    word TEXT NOT NULL, person INTEGER NOT NULL, alone INTEGER NOT NULL, PRIMARY KEY (word, person)
) WITHOUT ROWID;
CREATE TABLE people_documents (
    person INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (person, document)
) WITHOUT ROWID;
CREATE TABLE people_called (folded TEXT PRIMARY KEY, written TEXT NOT NULL) WITHOUT ROWID;
"""

# Full text is contentless: the catalogue has the text already, and what is indexed is its words (``full_text.plain``). Such a
# table is told the old words when a row goes. ``day`` is the event date, else the date of publication. ``pages`` has a row for
# a document with pages alone: the offsets at which they begin, as a JSON array. ``fields`` of a file is what its columns were
# taken for, by member, as a JSON object; empty if it has none. ``seal`` tells whether a row is as it was written
# (``seals.seal``); what other rows cannot be made of has one, so that it can be saved from a catalogue that is damaged.
TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    reader_version INTEGER NOT NULL,
    fields TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL UNIQUE,
    record_id TEXT NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    issuer TEXT NOT NULL,
    published TEXT,
    url TEXT NOT NULL,
    note TEXT NOT NULL,
    text TEXT NOT NULL,
    given TEXT NOT NULL,
    digest BLOB NOT NULL,
    event_date TEXT,
    event_end TEXT,
    day TEXT,
    kind TEXT NOT NULL,
    diplomatic INTEGER NOT NULL,
    place TEXT NOT NULL,
    language TEXT,
    seal INTEGER
);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_day ON documents (day);
CREATE INDEX documents_issuer ON documents (issuer);
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX documents_language ON documents (language);
CREATE TABLE parties (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    main INTEGER NOT NULL,
    name TEXT NOT NULL,
    office TEXT NOT NULL,
    country TEXT NOT NULL,
    side TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (document, position)
) WITHOUT ROWID;
CREATE INDEX parties_country ON parties (country);
CREATE INDEX parties_folded ON parties (folded);
CREATE TABLE party_words (word TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (word, folded)) WITHOUT ROWID;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    paragraph INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    embedding BLOB NOT NULL
);
CREATE INDEX passages_document ON passages (document);
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY,
    passage INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    embedding BLOB NOT NULL
);
CREATE INDEX sentences_passage ON sentences (passage);
CREATE TABLE common (stem TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE, starts TEXT NOT NULL);
CREATE TABLE embeddings (key BLOB PRIMARY KEY, vector BLOB NOT NULL, seal INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE full_text USING fts5 (
    title, body, names, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
{_VERSIONS.replace("superseded TEXT NOT NULL,", "superseded TEXT NOT NULL, seal INTEGER,")}
{_POSTINGS}
{_PEOPLE}
"""

# The words of a name by sound, out of ``parties.folded``, where they stand between spaces.
_PARTY_WORDS = """
SELECT DISTINCT value AS word, folded FROM parties, json_each('["' || replace(trim(folded), ' ', '","') || '"]')
WHERE trim(folded) != ''
"""

#: Version reached → statements that lead there from the one before.
MIGRATIONS: dict[int, str] = {
    2: f"""
CREATE INDEX parties_folded ON parties (folded);
CREATE INDEX documents_kind ON documents (kind);
CREATE TABLE party_words (word TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (word, folded)) WITHOUT ROWID;
INSERT INTO party_words {_PARTY_WORDS};
CREATE TABLE common (stem TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta SELECT 'counts', (SELECT count(*) FROM documents) || ' ' || (SELECT count(*) FROM passages) || ' ' ||
    (SELECT count(*) FROM sentences);
""",
    3: _VERSIONS,
    4: "CREATE TABLE pages (document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE, starts TEXT NOT NULL);",
    5: _POSTINGS,
    6: """
ALTER TABLE documents ADD COLUMN language TEXT;
CREATE INDEX documents_language ON documents (language);
""",
    7: _PEOPLE,  # Filled by the next indexing run; until then people are gathered by who asks.
    8: "ALTER TABLE files ADD COLUMN fields TEXT NOT NULL DEFAULT '';",
    # Embeddings that are there stay without: millions would be written again.
    9: f"""
ALTER TABLE documents ADD COLUMN seal INTEGER;
ALTER TABLE versions ADD COLUMN seal INTEGER;
ALTER TABLE embeddings ADD COLUMN seal INTEGER;
UPDATE documents SET seal = seal({SEALED_DOCUMENT});
UPDATE versions SET seal = seal({SEALED_VERSION});
""",
}

#: Version reached → what stands in for its tables where an older catalogue may only be read.
STAND_INS: dict[int, str] = {
    2: f"CREATE TEMP VIEW party_words AS {_PARTY_WORDS};",
    3: """
CREATE TEMP VIEW seen AS SELECT NULL AS document, NULL AS at WHERE 0;
CREATE TEMP VIEW versions AS
SELECT NULL AS doc_id, NULL AS number, NULL AS title, NULL AS text, NULL AS seen, NULL AS superseded WHERE 0;
""",
    4: "CREATE TEMP TABLE pages (document INTEGER PRIMARY KEY, starts TEXT NOT NULL);",
    5: "CREATE TEMP VIEW postings AS SELECT NULL AS document, NULL AS leader, NULL AS place WHERE 0;",
    6: "CREATE TEMP VIEW documents AS SELECT *, NULL AS language FROM main.documents;",
    9: "CREATE TEMP VIEW embeddings AS SELECT *, NULL AS seal FROM main.embeddings;",
}


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty catalogue, or bring an older one up to date, in one transaction.

    Raises:
        MismatchError: The catalogue was written by a newer version of the program.
    """
    version = version_of(connection)
    if version == SCHEMA_VERSION:
        return
    steps = TABLES if version == 0 else "".join(MIGRATIONS[v] for v in range(version + 1, SCHEMA_VERSION + 1))
    connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")


def stand_in(connection: sqlite3.Connection, version: int) -> None:
    """Make an older catalogue that is opened only for reading readable; nothing in it is changed.

    Raises:
        MismatchError: The catalogue was written by a newer version of the program.
    """
    check_version(version)
    for reached in range(max(version, 1) + 1, SCHEMA_VERSION + 1):
        connection.executescript(STAND_INS.get(reached, ""))


def version_of(connection: sqlite3.Connection) -> int:
    """The version of a catalogue's tables; 0 for an empty one.

    Raises:
        MismatchError: It was written by a newer version of the program.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    check_version(version)
    return version


def check_version(version: int) -> None:
    """Refuse what a newer program wrote.

    Raises:
        MismatchError: ``version`` is above ``SCHEMA_VERSION``.
    """
    if version > SCHEMA_VERSION:
        raise MismatchError(
            f"This index was written by a newer version of readouts (its tables have version {version}, "
            f"this program knows {SCHEMA_VERSION}).",
            mend="Update the program: pip install --upgrade readouts",
        )
