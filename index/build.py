"""The path of a document: from files to documents, passages, facts and embeddings, into the catalogue and the vectors.

Nothing is changed before everything is ready: embeddings are kept as they are computed (they are keyed by content, so a stopped
run loses no work), then one transaction writes all documents and names the vectors that were written beside the old ones. A run
killed at any moment leaves the last good index, or the new one.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import folding, private, versions
from index.agreement import check_model
from index.catalogue import Catalogue
from index.datatypes import Change, Document, IndexReport, Note
from index.errors import CorpusError
from index.files import files_of
from index.keeping import remake_vectors, tidy, whole, write_vectors
from index.languages import note_on
from index.locking import locked
from index.people import keep_people, people_kept
from index.plan import Listener, Plan, plan_files, plan_lost, read, rules_version, tell
from index.protocols import Encoder
from index.readers import check_names, find_files
from index.readings import Reading, Readings
from index.renewing import renew
from index.web import Brought, bring, is_address, page_of

#: Texts whose embeddings are kept in one transaction: a stopped run loses some seconds of work at most.
KEEP_EVERY = 1024
#: Texts handed to the encoder at once: several of the windows in which it sorts them by length.
AT_ONCE = 65_536
#: Keys looked up in the catalogue at once.
ASKED_AT_ONCE = 10_000
#: Length of an embedding's key.
KEY_BYTES = 16


def add(
    folder: Path,
    paths: Sequence[str | Path],
    encoder: Callable[[], Encoder],
    *,
    listener: Listener | None = None,
    follow: bool = False,
    fields: Mapping[str, str] | None = None,
) -> IndexReport:
    """Add or update files, folders and web addresses; what is in the index and has not changed is not touched.

    A file that has vanished from one of the folders is removed with its readouts; a file that can no longer be read is skipped,
    and what the index has of it stays.

    Args:
        folder: Folder of the index; created if there is none.
        paths: Files, folders, and addresses of pages and feeds to fetch; an address that cannot be fetched is skipped.
        encoder: Returns the encoder; called only if something must be encoded or the index is new.
        listener: Called with the progress; an exception that it raises stops the run with nothing changed.
        follow: Also fetch the pages that feeds link to instead of giving their text.
        fields: Column that each field is taken from (``{"text": "body"}``) in tables and records; kept with their files. What
            is not named is guessed, or taken as it was the last time.

    Raises:
        CorpusError: A path does not exist, or there is nothing to read.
        FieldNameError: One of the fields does not exist.
        MismatchError: The index was made with another model.
        BusyError: Another process is writing to this index.
        CatalogueError: The folder cannot be written to, or the disk is full.
    """
    started = time.perf_counter()
    check_names(fields or {})
    addresses = [path for path in paths if isinstance(path, str) and is_address(path)]
    places = [Path(path) for path in paths if path not in addresses]
    files, skipped = find_files(places)
    if not files and not skipped and not addresses:
        named = ", ".join(str(path) for path in paths)
        raise CorpusError(
            f"Nothing to index in {named}.", mend="Name a folder with readouts (.md, .txt, .json, .pdf …)."
        )
    brought = bring(folder, addresses, files, follow=follow, listener=listener) if addresses or follow else Brought()
    files = (*files, *brought.files)
    with _writing(folder) as catalogue, Readings(folder) as fresh:
        plan = Plan(fresh, skipped=[*skipped, *brought.skipped], notes=brought.notes)
        plan_lost(catalogue, places, set(map(str, files)), plan)
        plan_files(catalogue, files, plan, listener, again=brought.again, kept=page_of(folder), fields=fields or {})
        return _carry_out(catalogue, plan, encoder, listener, started)


def rebuild(folder: Path, encoder: Callable[[], Encoder], *, listener: Listener | None = None) -> IndexReport:
    """Read, split and encode every document of the index again, from the catalogue; the model may be a different one.

    Raises:
        NoIndexError: There is no index.
        BusyError, CatalogueError: As ``add``.
    """
    started = time.perf_counter()
    Catalogue(folder).close()
    with _writing(folder) as catalogue, Readings(folder) as fresh:
        plan = Plan(fresh)
        for record_id, document in catalogue.all_documents():
            source = document.source
            plan.gone.append(catalogue.row_of(source.doc_id))
            plan.fresh.append(read(record_id, document))
            plan.changes.append(Change(what="updated", doc_id=source.doc_id, path=source.path))
        catalogue_model = encoder()
        return _carry_out(catalogue, plan, lambda: catalogue_model, listener, started, new_model=True)


def fill(
    folder: Path,
    encoder: Callable[[], Encoder],
    documents: Iterable[tuple[str, Document, bytes]] = (),
    *,
    first: Callable[[Catalogue], None] | None = None,
    listener: Listener | None = None,
) -> IndexReport:
    """Add documents as another catalogue had them, and make again whatever derived data is missing.

    Args:
        folder: Folder of the index.
        encoder: Returns the encoder; called only if something must be encoded.
        documents: For each, the file's own id, the document and its digest.
        first: Called with the catalogue before anything is added.
        listener: Called with the progress.

    Raises:
        BusyError, CatalogueError: As ``add``.
    """
    started = time.perf_counter()
    with _writing(folder) as catalogue, Readings(folder) as fresh:
        if first is not None:
            first(catalogue)
        for record_id, document, digest in documents:
            fresh.append(read(record_id, document, digest))
        return _carry_out(catalogue, Plan(fresh), encoder, listener, started)


def remove(folder: Path, doc_ids: Sequence[str]) -> int:
    """Remove readouts by their ids, all or none.

    Their files are remembered as read: the readouts come back when a file changes, not when it is indexed again unchanged.

    Returns:
        How many were removed.

    Raises:
        DocumentError: One of the ids is unknown; nothing is removed then.
        NoIndexError, BusyError, CatalogueError: As ``add``.
    """
    Catalogue(folder).close()
    with _writing(folder) as catalogue, Readings(folder) as nothing:
        rows = list(dict.fromkeys(catalogue.row_of(doc_id) for doc_id in doc_ids))
        _write(catalogue, Plan(nothing, gone=rows), iter(()))
        tidy(catalogue)
        return len(rows)


@contextmanager
def _writing(folder: Path) -> Iterator[Catalogue]:
    """The catalogue open for writing, with the lock that keeps other writers out."""
    with locked(folder):
        catalogue = Catalogue(folder, write=True)
        try:
            renew(catalogue)
            yield catalogue
        finally:
            private.narrow(files_of(folder))
            catalogue.close()


def _carry_out(
    catalogue: Catalogue,
    plan: Plan,
    encoder: Callable[[], Encoder],
    listener: Listener | None,
    started: float,
    *,
    new_model: bool = False,
) -> IndexReport:
    encoded = 0
    if plan.fresh or new_model:
        model = encoder()
        if not new_model:
            check_model(catalogue, model)
        keys = _Keys(embedding_key(model.revision, text) for text in _texts(plan.fresh))
        encoded = _encode(catalogue, model, plan.fresh, keys, listener)
        _write(catalogue, plan, iter(keys), listener, model=model)
    elif plan.gone or plan.files or plan.lost_files or not folding.is_folded(catalogue):
        _write(catalogue, plan, iter(()), listener)
    if catalogue.generation and not whole(catalogue):
        with catalogue.transaction():
            remake_vectors(catalogue)
    if catalogue.generation and not people_kept(catalogue):
        with catalogue.transaction():
            keep_people(catalogue)
    tidy(catalogue)
    _tell_languages(catalogue, plan)
    documents, passages, _ = catalogue.counts()
    return IndexReport(
        added=plan.count("added"),
        updated=plan.count("updated"),
        unchanged=plan.unchanged,
        removed=plan.count("removed"),
        skipped=tuple(plan.skipped),
        notes=tuple(plan.notes),
        changes=tuple(plan.changes),
        folded=plan.folded,
        documents=documents,
        passages=passages,
        encoded=encoded,
        seconds=time.perf_counter() - started,
    )


def _tell_languages(catalogue: Catalogue, plan: Plan) -> None:
    """Say once for an index that its model does not read all of its languages."""
    model = catalogue.meta("model") or ""
    text = note_on(model, catalogue.languages())
    if text and catalogue.meta("told_languages") != model:
        plan.notes.append(Note(path="", text=text))
        with catalogue.transaction():
            catalogue.set_meta("told_languages", model)


def embedding_key(revision: str, text: str) -> bytes:
    """Key of an embedding: from the model's revision and the exact text."""
    return hashlib.blake2b(f"{revision}\0{text}".encode(), digest_size=KEY_BYTES).digest()


class _Keys:
    """Keys of embeddings in one byte string; millions of them as objects would need hundreds of megabytes."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._bytes = bytes(itertools.chain.from_iterable(keys))

    def __iter__(self) -> Iterator[bytes]:
        return (self._bytes[start : start + KEY_BYTES] for start in range(0, len(self._bytes), KEY_BYTES))

    def missing(self, catalogue: Catalogue) -> NDArray[np.bool_]:
        """Which of them have no embedding yet, ``(N,)``; of equal keys only the first."""
        numbers = np.frombuffer(self._bytes, dtype=np.uint64).reshape(-1, KEY_BYTES // 8)
        order = np.lexsort(numbers.T)
        first = order[np.diff(numbers[order], axis=0, prepend=~numbers[order[:1]]).any(axis=1)]
        missing = np.zeros(len(numbers), dtype=np.bool_)
        for start in range(0, len(first), ASKED_AT_ONCE):
            places = first[start : start + ASKED_AT_ONCE]
            keys = [self._bytes[KEY_BYTES * place : KEY_BYTES * (place + 1)] for place in places.tolist()]
            known = catalogue.known_embeddings(keys)
            missing[places] = [key not in known for key in keys]
        return missing


def _texts(readings: Iterable[Reading]) -> Iterator[str]:
    return (text for reading in readings for text in reading.texts())


def _encode(catalogue: Catalogue, encoder: Encoder, readings: Readings, keys: _Keys, listener: Listener | None) -> int:
    missing = keys.missing(catalogue)
    total, done = int(missing.sum()), 0
    waiting: list[tuple[bytes, np.ndarray]] = []
    tell(listener, "encoding", 0, total, "")
    wanted = itertools.compress(zip(keys, _texts(readings), strict=True), missing) if total else iter(())
    while part := list(itertools.islice(wanted, AT_ONCE)):
        for places, vectors in encoder.encode_stream([text for _, text in part]):
            waiting += [(part[place][0], vector) for place, vector in zip(places, vectors, strict=True)]
            done += len(places)
            if len(waiting) >= KEEP_EVERY or done == total:
                catalogue.add_embeddings([key for key, _ in waiting], np.stack([vector for _, vector in waiting]))
                waiting = []
            tell(listener, "encoding", done, total, "")
    return total


def _write(
    catalogue: Catalogue,
    plan: Plan,
    keys: Iterator[bytes],
    listener: Listener | None = None,
    *,
    model: Encoder | None = None,
) -> None:
    tell(listener, "writing", 0, len(plan.fresh), "")
    before = catalogue.generation
    changed = bool(plan.fresh or plan.gone)
    with catalogue.transaction():
        if model is not None:
            catalogue.set_meta("model", model.name)
            catalogue.set_meta("revision", model.revision)
            catalogue.set_meta("dimension", str(model.dimension))
        stay, left = versions.supersede(catalogue, plan.gone, plan.fresh.get), folding.leave(catalogue, plan.gone)
        removed = catalogue.texts_of(plan.gone)
        for row in plan.gone:
            catalogue.remove_document(row)
        last, last_document = catalogue.last_ids(), folding.last_row(catalogue)
        for done, reading in enumerate(plan.fresh):
            catalogue.add_document(
                reading.record_id, reading.document, reading.facts, reading.passages, reading.digest, keys
            )
            tell(listener, "writing", done + 1, len(plan.fresh), "")
        versions.see(catalogue, plan.fresh.doc_ids(), stay)
        plan.folded = folding.fold(catalogue, last_document, left)
        for name, digest in plan.files.items():
            catalogue.set_file(name, digest, rules_version(), plan.fields.get(name, {}))
        for name in plan.lost_files:
            catalogue.forget_file(name)
        if plan.gone:
            catalogue.drop_unused_embeddings(removed)
        if changed or plan.folded:
            catalogue.set_meta("generation", str(before + 1))
            keep_people(catalogue)
        if changed:
            catalogue.count()
            write_vectors(catalogue, plan.gone, last)
