"""What an index, conversations and saved searches hold, in a form that can be compared; and what is wrong with them.

Whatever was disturbed must hold what it held before, or what it was to hold after; every quote must be in its readout.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from assistant import backup, doctor
from assistant.api import Assistant
from assistant.errors import BackupError
from assistant.history import History
from assistant.saved_searches import SavedSearches
from assistant.settings import Settings
from benchmarks.forked import encoder_of
from index.catalogue import Catalogue
from index.database import FILE_NAME
from index.errors import NoIndexError, ReadoutsError
from index.keeping import stored_vectors
from index.people import people_kept

QUESTIONS = ("What did the leaders say about Ukraine?", "When did Biden speak with Xi?")
#: What was replaced is called by, and what is read of a database that was.
_KEPT = re.compile(r"\.(damaged|replaced)-[-T0-9]+-[0-9a-f]{4}")
_KEPT_TABLES = {"documents": "doc_id, text", "turns": "conversation, number, answer", "searches": "name, query"}
#: What differs from run to run: tokens in names of files, and the number of a process.
_TOKEN = re.compile(r"[0-9a-f]{16}|\.\d+\Z")


def content(folder: Path) -> dict[str, Any]:
    """What an index says: its readouts with all their texts, earlier wordings and postings; empty if there is none."""
    try:
        catalogue = Catalogue(folder)
    except NoIndexError:
        return {}
    try:
        with catalogue.snapshot():
            found = {
                "documents": catalogue.run(
                    "SELECT doc_id, record_id, path, title, issuer, published, url, note, text, given, event_date, event_end, "
                    "kind, place FROM documents ORDER BY doc_id"
                ),
                "passages": catalogue.run(
                    "SELECT doc_id, paragraph, first, last FROM passages JOIN documents ON documents.id = document "
                    "ORDER BY doc_id, paragraph"
                ),
                "parties": catalogue.run(
                    "SELECT doc_id, position, name, office, country FROM parties JOIN documents ON documents.id = document "
                    "ORDER BY doc_id, position"
                ),
                "versions": catalogue.run("SELECT doc_id, number, title, text FROM versions ORDER BY doc_id, number"),
                "model": catalogue.meta("revision"),
            }
        # An index that was begun, and into which nothing was committed yet.
        return found if found["model"] else {}
    finally:
        catalogue.close()


def derived(folder: Path) -> dict[str, Any]:
    """What is made of the readouts and brought up to date by the next run: people, postings, vectors, languages, files."""
    catalogue = Catalogue(folder)
    try:
        vectors = stored_vectors(catalogue)
        marks = {}
        for table, parent in (("passages", "document"), ("sentences", "passage")):
            rows = catalogue.run(f"SELECT id, hex(embedding) FROM {table} ORDER BY embedding, {parent}, id")
            stored = vectors[table].reconstruct(np.array([row for row, _ in rows], dtype=np.int64))
            made = hashlib.sha256()
            for (_, key), vector in zip(rows, stored, strict=True):
                made.update(key.encode() + vector.astype(np.float16).tobytes())
            marks[table] = made.hexdigest()
        return {
            "people": catalogue.run("SELECT name, offices, countries, count FROM people ORDER BY name, key"),
            "postings": catalogue.run(
                "SELECT a.doc_id, b.doc_id, postings.place FROM postings JOIN documents a ON a.id = document "
                "JOIN documents b ON b.id = leader ORDER BY a.doc_id"
            ),
            "languages": catalogue.languages(),
            "words": catalogue.run("SELECT stem, passages FROM common ORDER BY stem"),
            "tables": catalogue.run("SELECT type, name, sql FROM sqlite_master ORDER BY name"),
            "files": sorted(
                (path, digest.hex(), version) for path, (digest, version) in sorted(catalogue.files().items())
            ),
            "embeddings": catalogue.run("SELECT count(*) FROM embeddings"),
            "vectors": marks,
        }
    finally:
        catalogue.close()


def faults(folder: Path) -> list[str]:
    """What is wrong with an index in itself, whichever state it is in."""
    found: list[str] = []
    try:
        catalogue = Catalogue(folder)
    except NoIndexError:
        return []
    try:
        found += [f"integrity: {row[0]}" for row in catalogue.run("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"foreign key: {row}" for row in catalogue.run("PRAGMA foreign_key_check")]
        counted = [catalogue.run(f"SELECT count(*) FROM {t}")[0][0] for t in ("documents", "passages", "sentences")]
        if list(catalogue.counts()) != counted:
            found.append(f"counts: {catalogue.counts()} for {counted}")
        words = catalogue.run("SELECT count(*) FROM full_text_docsize")[0][0]
        if words != counted[1]:
            found.append(f"full text has {words} passages of {counted[1]}")
        for table in ("passages", "sentences"):
            (lost,) = catalogue.run(
                f"SELECT count(*) FROM {table} WHERE embedding NOT IN (SELECT key FROM embeddings)"
            )[0]
            found += [f"{lost} {table} without an embedding"] if lost else []
            if catalogue.meta("vectors"):
                found += _wrong_vectors(catalogue, table)
        if catalogue.run("PRAGMA user_version")[0][0] > 6 and catalogue.meta("people") and not people_kept(catalogue):
            found.append("people are not those of the readouts")
    finally:
        catalogue.close()
    return found


def _wrong_vectors(catalogue: Catalogue, table: str) -> list[str]:
    """Rows whose vector is not the embedding that the catalogue has of them."""
    stored = stored_vectors(catalogue)[table]
    wrong = 0
    for ids, _, vectors in catalogue.vectors_of(table):
        wrong += int((stored.reconstruct(ids).astype(np.float16) != vectors.astype(np.float16)).any(axis=1).sum())
    return [f"{wrong} vectors of {table} are not those of the catalogue"] if wrong else []


def answers(folder: Path, texts: dict[str, str]) -> tuple[list[Any], list[str]]:
    """Answers to ``QUESTIONS`` as plain values, and the quotes that do not stand word for word in their readout."""
    given, wrong = [], []
    catalogue = Catalogue(folder)
    name = catalogue.meta("model") or ""
    catalogue.close()
    with Assistant(folder, history=History(None), encoder=encoder_of(name)) as assistant:
        for question in QUESTIONS:
            answer = assistant.ask(question).to_dict()
            for quote in answer["citations"]:
                whole = quote["passage"][quote["start"] : quote["end"]] == quote["quote"]
                if not whole or quote["quote"] not in texts.get(quote["doc_id"], ""):
                    wrong.append(f"quote of {quote['doc_id']}: {quote['quote'][:60]}")
            given.append([answer["text"], answer["documents"], [hit["doc_id"] for hit in answer["hits"]]])
    return given, wrong


def failed_checks(index: Path, history: Path) -> list[str]:
    """What the doctor finds wrong."""
    vars(doctor).update(find_model=encoder_of, describe_engine=lambda *_, **__: ("hash", "no model is needed"))
    checks = doctor.examine(Settings(index=index, history=history))
    # A test machine may be nearly full.
    return [f"doctor, {check.name}: {check.found}" for check in checks if not check.good and check.name != "disk"]


def talks(folder: Path) -> list[Any]:
    """Every conversation with its turns, as plain values, without days."""
    history = History(folder)
    try:
        return [
            [
                talk.id,
                talk.title,
                [[turn.number, turn.answer.question, turn.answer.text] for turn in history.turns(talk.id)],
            ]
            for talk in sorted(history.conversations(), key=lambda talk: talk.id)
        ]
    finally:
        history.close()


def searches(folder: Path) -> list[Any]:
    """Every saved search with what it reported."""
    saved = SavedSearches(folder)
    try:
        return [[search.name, search.query, sorted(saved.reported(search.name))] for search in saved.all()]
    finally:
        saved.close()


def named(folder: Path) -> dict[str, Any]:
    """What stands in the files that a person named; of a backup what it holds, all of it verified."""
    paths = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
    return {path.name: _packed(path) if path.suffix == ".zip" else path.read_text("utf-8") for path in paths}


def _packed(path: Path) -> Any:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            with backup.opened(path) as (archive, manifest):
                backup.unpack(archive, manifest, folder, path)
        except BackupError as error:
            return str(error)
        with closing(sqlite3.connect(folder / FILE_NAME)) as catalogue:
            documents = catalogue.execute("SELECT doc_id, text FROM documents ORDER BY doc_id").fetchall()
        return [digest(documents), talks(folder), searches(folder)]


def replaced(*folders: Path) -> list[str]:
    """What was replaced and is kept under another name, as marks of what it holds."""
    marks = set()
    for path in (path for folder in folders for path in folder.glob("*") if _KEPT.search(path.name)):
        if path.is_dir():
            held: Any = sorted((str(f.relative_to(path)), f.read_text()) for f in path.rglob("*") if f.is_file())
        elif path.name.endswith(("-wal", "-shm")):
            continue
        else:
            held = _rows(path)
        marks.add(f"{_KEPT.sub('', path.name)} {held if isinstance(held, str) else digest(held)}")
    return sorted(marks)


def _rows(path: Path) -> list[Any] | str:
    """What a database that is kept holds, or why that cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            known = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            table, columns = next(found for found in _KEPT_TABLES.items() if found[0] in known)
            return database.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}").fetchall()
    except sqlite3.Error as error:
        return str(error)


def files(*folders: Path) -> list[tuple[str, int]]:
    """Names of all files below these folders, without what differs from run to run, and how many there are of each.

    What was replaced is left out: a run that is done again keeps what the one before it had put in place.
    """
    names = (
        _TOKEN.sub("*", f"{folder.name}/{path.relative_to(folder)}")
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not _KEPT.search(str(path))
    )
    return sorted(Counter(names).items())


def look(index: Path, history: Path, named_files: Path, *, finished: bool) -> dict[str, Any]:
    """All of it, as somebody finds it who opens it next; to be called in a process of its own.

    Args:
        index: Folder of an index.
        history: Folder of conversations and saved searches.
        named_files: Folder of the files that were named.
        finished: Whether a run was completed, so that what is derived must be up to date.
    """
    found: dict[str, Any] = {"answers": [], "talks": [], "searches": [], "content": {}, "faults": [], "replaced": []}
    found["doctor"] = failed_checks(index, history)
    found["named"] = named(named_files)
    for part in (_look_at_index, _look_at_talks, _look_at_searches):
        try:
            part(found, index, history, finished)
        except ReadoutsError as error:
            found["faults"].append(f"refused: {error}")
    found["faults"] += _damaged(history)
    if finished:
        found["files"] = files(index, history, named_files)
        found["replaced"] = replaced(index, history)
    return found


def _look_at_index(found: dict[str, Any], index: Path, _: Path, finished: bool) -> None:
    # Until it was read.
    found["content"] = {"refused": True}
    found["content"] = content(index)
    found["faults"] += faults(index)
    texts = {row[0]: row[8] for row in found["content"].get("documents", ())}
    if texts:
        found["answers"], wrong = answers(index, texts)
        found["faults"] += wrong
    if finished:
        found["derived"] = derived(index) if texts else {}


def _look_at_talks(found: dict[str, Any], _: Path, history: Path, __: bool) -> None:
    found["talks"] = talks(history) if (history / "history.sqlite").exists() else []


def _look_at_searches(found: dict[str, Any], _: Path, history: Path, __: bool) -> None:
    found["searches"] = searches(history) if (history / "saved.sqlite").exists() else []


def _damaged(folder: Path) -> list[str]:
    """Files of conversations and saved searches that SQLite finds damaged."""
    found = []
    for path in sorted(folder.glob("*.sqlite")):
        with closing(sqlite3.connect(path)) as database:
            try:
                faults = [row[0] for row in database.execute("PRAGMA integrity_check")]
            except sqlite3.Error as error:
                faults = [str(error)]
        found += [f"{path.name}: {fault}" for fault in faults if fault != "ok"]
    return found


def digest(found: Any) -> str:
    """A short name of what was found, the same for the same."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, default=str).encode()).hexdigest()[:12]
