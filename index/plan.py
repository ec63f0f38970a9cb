"""What an indexing run is going to change: files compared with the catalogue, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from index.catalogue import Catalogue
from index.datatypes import Change, Document, Folded, Note, Progress, Skipped
from index.errors import FormatError
from index.facts.reading import FACTS_VERSION, read_facts
from index.languages import language_of
from index.passages import PASSAGES_VERSION, split
from index.readers import READER_VERSION, Choice, content_of, read_file, rolls
from index.readings import Reading, Readings
from index.reports import MEMBER, FieldNote
from index.textforms import storable

#: Readouts of one file between two reports of progress; a tenth of a second.
_TELL_EVERY = 200
T = TypeVar("T")
Listener = Callable[[Progress], None]


@dataclass(slots=True)
class Plan:
    """What a run is going to change."""

    fresh: Readings
    gone: list[int] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    fields: dict[str, dict[str, Mapping[str, str]]] = field(default_factory=dict)
    lost_files: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    folded: tuple[Folded, ...] = ()
    unchanged: int = 0
    taken: set[str] = field(default_factory=set)
    freed: set[str] = field(default_factory=set)
    alike: dict[str, set[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> int:
        """How many readouts are added, updated or removed."""
        return sum(change.what == what for change in self.changes)


def rules_version() -> int:
    """One number for the rules that read a file: if any of them is raised, an unchanged file is read again."""
    return READER_VERSION * 1_000_000 + PASSAGES_VERSION * 1_000 + FACTS_VERSION


def plan_files(
    catalogue: Catalogue,
    files: Sequence[Path],
    plan: Plan,
    listener: Listener | None,
    *,
    again: Set[Path] = frozenset(),
    kept: Callable[[str], Path | None] | None = None,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Read the files that are new or changed, or whose columns should be taken differently, and plan what that changes.

    Args:
        catalogue: Of the index.
        files: All files.
        plan: The plan to add to.
        listener: Called with the progress.
        again: Files to be read although they did not change.
        kept: As for ``read_file``.
        fields: Column of each field, as the user says; otherwise what was kept with a file counts.
    """
    known, columns = catalogue.files(), catalogue.fields()
    for done, path in enumerate(files):
        name = str(path)
        tell(listener, "reading", done, len(files), storable(path.name))
        if name != storable(name):
            plan.skipped.append(Skipped(path=storable(name), reason="Its name is not UTF-8; rename it."))
            continue
        try:
            content = content_of(path)
        except FormatError as error:
            plan.skipped.append(Skipped(path=name, reason=error.message))
            continue
        digest = hashlib.blake2b(content, digest_size=16).digest()
        same_fields = all({**taken, **fields} == taken for taken in columns.get(name, {}).values())
        if known.get(name) == (digest, rules_version()) and same_fields and path not in again:
            plan.unchanged += len(catalogue.documents_of(name))
            continue
        choice = Choice(named=fields, kept=columns.get(name, {}))
        told = partial(_tell_of, listener, path, done, len(files))
        try:
            read_out = _counted(read_file(path, content, kept, choice), told)
            _plan_documents(catalogue, path, plan, read_out, rolls(path, content))
        except FormatError as error:
            plan.skipped.append(Skipped(path=name, reason=str(error)))
        else:
            plan.files[name] = digest
    tell(listener, "reading", len(files), len(files), "")


def _counted(read_out: Iterator[T], told: Callable[[int], None]) -> Iterator[T]:
    """The same, reporting now and then how many there were, so that reading a file of very many can be stopped."""
    for count, found in enumerate(read_out, start=1):
        yield found
        if count % _TELL_EVERY == 0:
            told(count)


def _tell_of(listener: Listener | None, path: Path, done: int, total: int, count: int) -> None:
    """Tell a listener how many readouts of one file have been read."""
    tell(listener, "reading", done, total, f"{storable(path.name)}: {count:,}")


def _plan_documents(
    catalogue: Catalogue,
    path: Path,
    plan: Plan,
    read_out: Iterator[Document | Skipped | Note],
    is_rolling: bool,
) -> None:
    before = catalogue.documents_of(str(path))
    skipped: list[Skipped] = []
    seen: dict[str, int] = {}
    for found in read_out:
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        if isinstance(found, FieldNote):
            plan.fields.setdefault(str(path), {})[found.path] = found.fields
        if isinstance(found, Note):
            plan.notes += [found] if found.text else []
            continue
        # A member has its path within the file in front.
        record_id = found.source.path.removeprefix(str(path)).removeprefix(MEMBER)
        record_id = f"{record_id}{MEMBER if record_id else ''}{found.source.doc_id}"
        seen[record_id] = seen.get(record_id, 0) + 1
        record_id = record_id if seen[record_id] == 1 else f"{record_id}#{seen[record_id]}"
        _plan_document(catalogue, path, plan, record_id, found, before.pop(record_id, None))
    plan.skipped += skipped
    # A record that cannot be read any more has no id to be known by; what the index has of the file stays then. So does what
    # newer items have pushed out of a feed.
    if not skipped and not is_rolling:
        _plan_removed(plan, str(path), before)


def _plan_document(
    catalogue: Catalogue, path: Path, plan: Plan, record_id: str, document: Document, old: tuple[int, str, bytes] | None
) -> None:
    digest = _digest(document)
    if old and old[2] == digest:
        plan.unchanged += 1
        return
    doc_id = old[1] if old else _free_id(catalogue, document.source.doc_id, plan)
    plan.fresh.append(read(record_id, replace(document, source=replace(document.source, doc_id=doc_id)), digest))
    plan.changes.append(Change(what="updated" if old else "added", doc_id=doc_id, path=str(path)))
    if old:
        plan.gone.append(old[0])


def plan_lost(catalogue: Catalogue, paths: Sequence[Path], present: set[str], plan: Plan) -> None:
    """Plan the removal of files below one of the folders that no longer exist; to be called before ``plan_files``.

    What is in a folder that cannot be read now is not lost.
    """
    folders = {path.expanduser().resolve() for path in paths if path.expanduser().is_dir()}
    unread = {Path(skipped.path) for skipped in plan.skipped}
    for name in catalogue.files():
        if name in present:
            continue
        above = {Path(name), *Path(name).parents}
        if above & folders and not above & unread:
            documents = catalogue.documents_of(name)
            plan.freed |= {doc_id for _, doc_id, _ in documents.values()}
            _plan_removed(plan, name, documents)
            plan.lost_files.append(name)


def _plan_removed(plan: Plan, path: str, documents: Mapping[str, tuple[int, str, bytes]]) -> None:
    plan.gone += [row for row, _, _ in documents.values()]
    plan.changes += [Change(what="removed", doc_id=doc_id, path=path) for _, doc_id, _ in documents.values()]


def read(record_id: str, document: Document, digest: bytes | None = None) -> Reading:
    """Read language, facts and passages from a document."""
    source = document.source
    language = language_of(f"{source.title}\n{document.text}", document.given.get("language"))
    document = replace(document, source=replace(source, language=language))
    return Reading(
        record_id=record_id,
        document=document,
        digest=digest or _digest(document),
        facts=read_facts(document),
        passages=split(document),
    )


def _digest(document: Document) -> bytes:
    """A digest that changes when anything stored of a document changes, including the rules that read it."""
    source = document.source
    given = sorted((key, str(value)) for key, value in document.given.items())
    parts: tuple[object, ...] = (
        source.title, source.issuer, source.published, source.url, document.text, document.note, given
    )  # fmt: skip
    if document.pages:
        parts += (document.pages,)
    return hashlib.blake2b(repr((parts, FACTS_VERSION, PASSAGES_VERSION)).encode(), digest_size=16).digest()


def _free_id(catalogue: Catalogue, doc_id: str, plan: Plan) -> str:
    """The id itself, or followed by the first number that makes it free."""
    if doc_id not in plan.alike:
        plan.alike[doc_id] = catalogue.doc_ids_like(doc_id) - plan.freed
    taken, number = plan.alike[doc_id], plan.numbers.get(doc_id, 1)
    free = doc_id if number == 1 else f"{doc_id}-{number}"
    while free in taken or free in plan.taken:
        number += 1
        free = f"{doc_id}-{number}"
    # A file may hold a hundred thousand readouts of one id: the numbers tried so far are not tried again.
    plan.numbers[doc_id] = number
    plan.taken.add(free)
    return free


def tell(listener: Listener | None, stage: str, done: int, total: int, note: str) -> None:
    """Tell a listener, if there is one, how far a run is."""
    if listener is not None:
        listener(Progress(stage=stage, done=done, total=total, note=note))
