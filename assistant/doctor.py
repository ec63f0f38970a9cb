"""Checks that everything a question needs is in order, and how to mend what is not."""

from __future__ import annotations

import itertools
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import saved_searches
from assistant.errors import ReadoutsError
from assistant.history import FILE_NAME, History
from assistant.settings import Settings
from assistant.status import recorded_model
from assistant.wording import counted
from index import private
from index.agreement import check_model
from index.catalogue import Catalogue
from index.checking import check
from index.encoder import DEFAULT_MODEL, FAST, describe_engine, find_model, probe_engine
from index.files import files_of
from index.keeping import stored_vectors
from index.web.copies import damaged_copies

#: Bytes free on the disk of the index below which an indexing run may not fit.
ROOM = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Attributes:
        name: What was checked.
        good: Whether it is in order.
        found: What was found, one sentence.
        mend: What to do if it is not in order; empty if it is.
    """

    name: str
    good: bool
    found: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """Check model, engine, index, whether model and index agree, vectors, fetched pages, conversations, saved searches,
    whether other users have access to any of it, and the disk, in this order.

    Nothing is changed. The fast engine computes a few embeddings, which takes a moment; the reference is never loaded.
    """
    model = _check("model", lambda: _model(settings))
    yield model
    yield _check("engine", lambda: _engine(settings))
    index = _check("index", lambda: _index(settings.index))
    yield index
    if model.good and index.good:
        yield _check("agreement", lambda: _agreement(settings))
    yield _check("vectors", lambda: _vectors(settings.index))
    yield _check("pages", lambda: _pages(settings.index))
    yield _check("conversations", lambda: _conversations(settings.history))
    yield _check("saved searches", lambda: _saved_searches(settings.history))
    yield _check("privacy", lambda: _privacy(settings))
    yield _disk(settings.index)


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, good=True, found=look())
    except ReadoutsError as error:
        return Check(name=name, good=False, found=error.message, mend=error.mend)


def _name(settings: Settings) -> str:
    """The model that a question would be encoded with."""
    try:
        return settings.model or recorded_model(settings.index) or DEFAULT_MODEL
    except ReadoutsError:
        # The check of the index tells what is wrong with it.
        return DEFAULT_MODEL


def _model(settings: Settings) -> str:
    model = find_model(_name(settings), fetch=False, noted=False)
    return f"{model.name}, revision {model.revision}, {model.dimension} dimensions; its weights are as they should be."


def _engine(settings: Settings) -> str:
    name, reference = _name(settings), settings.engine == "reference"
    engine, why = describe_engine(name, only_reference=reference)
    if engine != FAST:
        return f"{engine} ({why})."
    least = probe_engine(find_model(name, fetch=False))
    if least is None:
        return f"{engine}; it is compared with the reference when the model is loaded first."
    return f"{engine}; its vectors are those of the reference (least cosine {least:.6f})."


def _index(folder: Path) -> str:
    catalogue = Catalogue(folder)
    try:
        documents, passages, sentences = catalogue.counts()
        verified = "" if check(catalogue) else " It has no checksum now; the next run of indexing makes one."
        held = (counted(documents, "readout"), counted(passages, "passage"), counted(sentences, "sentence"))
        return f"{', '.join(held)} in {folder}.{verified}"
    finally:
        catalogue.close()


def _agreement(settings: Settings) -> str:
    catalogue = Catalogue(settings.index)
    try:
        model = find_model(_name(settings), fetch=False)
        check_model(catalogue, model)
        return f"The index was made with {model.name}."
    finally:
        catalogue.close()


def _vectors(folder: Path) -> str:
    catalogue = Catalogue(folder)
    try:
        if not catalogue.generation:
            return "None, since nothing was indexed yet."
        for index in stored_vectors(catalogue).values():
            index.verify()
        return "As many as there are passages and sentences, and as they were written."
    finally:
        catalogue.close()


def _pages(folder: Path) -> str:
    damaged = list(damaged_copies(folder))
    if damaged:
        raise ReadoutsError(
            f"{len(damaged)} of the fetched web pages are not as they were written, {damaged[0]} among them; "
            "what the index holds of them is.",
            mend=f"They are fetched again by: readouts index ADDRESS --index {folder}",
        )
    return "The fetched web pages are as they were written."


def _conversations(folder: Path) -> str:
    if not (folder / FILE_NAME).exists():
        return f"0 kept in {folder}."
    history = History(folder)
    try:
        history.check()
        return f"{len(history.conversations())} kept in {folder}."
    finally:
        history.close()


def _saved_searches(folder: Path) -> str:
    if not (folder / saved_searches.FILE_NAME).exists():
        return f"0 kept in {folder}."
    saved = saved_searches.SavedSearches(folder)
    try:
        saved.check()
        return f"{len(saved.all())} kept in {folder}."
    finally:
        saved.close()


def _privacy(settings: Settings) -> str:
    kept = [private.database_files(settings.history / name) for name in (FILE_NAME, saved_searches.FILE_NAME)]
    open_to_all = list(private.exposed(itertools.chain(files_of(settings.index), *kept)))
    if open_to_all and _keeps_rights(open_to_all[0].parent):
        folders = dict.fromkeys(place for place in (settings.index, settings.history) if _holds(place, open_to_all))
        raise ReadoutsError(
            f"Other users of this machine have access to {len(open_to_all)} of your files, {open_to_all[0]} among them.",
            mend=f"Keep them to yourself: chmod -R go= {shlex.join(map(str, folders))}",
        )
    return "Nobody else on this machine can read the index, the conversations or the saved searches."


def _holds(folder: Path, files: Iterable[Path]) -> bool:
    return any(file.is_relative_to(folder) for file in files)


def _keeps_rights(folder: Path) -> bool:
    """Whether the disk records file permissions at all; some show the same for every file."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            return not list(private.exposed([Path(file.name)]))
    except OSError:
        return True


def _disk(folder: Path) -> Check:
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    found = f"{free / 1e9:.1f} GB free where the index is."
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Check(
            name="disk",
            good=False,
            found=f"Nothing can be written to {place}: {error.strerror}.",
            mend="Questions still work; to add readouts, choose a folder that you may write to with --index DIR.",
        )
    if free < ROOM:
        return Check(name="disk", good=False, found=found, mend="Free some space before the next readouts are added.")
    return Check(name="disk", good=True, found=found)
