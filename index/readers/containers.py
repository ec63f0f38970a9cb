"""Files that contain files: gzip, ZIP and mail with attachments; their contents are read as if they lay beside them.

Nothing is written to disk, and the names of members are only labels, so none can lead anywhere. Every bound is checked
before or while a member is unpacked, never after.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import email.policy
import functools
import gzip
import io
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from email.message import EmailMessage
from pathlib import Path, PurePosixPath
from typing import Any

from index.datatypes import Document
from index.errors import FormatError
from index.readers.decode import MAX_TEXT_BYTES, codec_of, decode
from index.readers.fields import FieldError, document
from index.readers.markup import fragment
from index.reports import MEMBER

#: Bytes of a member, unpacked: as many as a dump of a hundred thousand readouts has, and it is held in memory.
MAX_MEMBER_BYTES = 256 * 1024 * 1024
#: Bytes of all members of a file, including members of members.
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
#: Members of a file, including members of members; each costs some milliseconds even if it is skipped.
MAX_MEMBERS = 20_000
#: What begins a member's entry in the directory of a ZIP file, and how many are read, including hidden files and folders.
_LISTED, _MAX_LISTED = b"PK\x01\x02", 10 * MAX_MEMBERS
#: Depth of containers in containers: a mail in a ZIP file may have an attachment that is one.
MAX_DEPTH = 3
#: A text shrinks to a tenth, a table of zeros to a hundredth; what shrinks more is made to fill memory. Up to the size of one
#: text it does no harm.
_MAX_RATIO, _RATIO_FROM = 200, MAX_TEXT_BYTES
_STEP = 1 << 20
_UNPACK = "Unpack it, and name the folder."
#: Letters of a header field that are read: the library's time grows with the square of their number.
_LONGEST_FIELD = 10_000
#: Seconds of computing for the parts of a mail, and MB that add one more second each: every line of a part is compared with the
#: ends of all parts around it, and 100 MB of attachments take a second or two.
_SECONDS, _MB_A_SECOND = 2.0, 20.0
_FED = 1 << 16
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


class _Fields(email.policy.EmailPolicy):
    """Header fields as written, each truncated at its bound."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_FIELD]


_POLICY = _Fields(refold_source="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file within a file.

    Attributes:
        path: The path of the file, the mark of a member, and its name within.
        unpack: Returns its bytes, each taken from the room before it is unpacked; raises ``FormatError``.
    """

    path: Path
    unpack: Callable[[Room], bytes]


@dataclass(slots=True)
class Left:
    """Bytes and members left for all contents of one file."""

    bytes: int
    members: int


class Room:
    """How much more may be unpacked from one file, from how many members, and how deep.

    However large the files nested in a small file, there is room for no more than its own size allows.

    Args:
        size: Bytes of the outermost file.
    """

    def __init__(self, size: int) -> None:
        # Shared by all rooms within.
        self._left = Left(bytes=min(MAX_UNPACKED_BYTES, most_of(size)), members=MAX_MEMBERS)
        self._depth = MAX_DEPTH

    def has_another(self) -> bool:
        """Whether one more member may be read; it is counted."""
        self._left.members -= 1
        return self._left.members >= 0

    def take(self, path: Path, count: int) -> None:
        """Take bytes for a member.

        Raises:
            FormatError: There are fewer left.
        """
        if count > self._left.bytes:
            raise FormatError(f"{path.name} is more than is unpacked of one file.", path=path, mend=_UNPACK)
        self._left.bytes -= count

    def within(self, path: Path) -> Room:
        """The room for the contents of a member.

        Raises:
            FormatError: It is nested too deep.
        """
        if self._depth == 0:
            raise FormatError(f"{path.name} lies in too many files.", path=path, mend=_UNPACK)
        inner = copy.copy(self)
        inner._depth -= 1
        return inner


def most_of(size: int) -> int:
    """The number of bytes that this many packed bytes may unpack to."""
    return max(_RATIO_FROM, _MAX_RATIO * size)


def _path_of(path: Path, name: str) -> Path:
    """The stated place of a member; parts of a name that climb or begin at the root are dropped."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("..", ".", "/")]
    return Path(f"{path}{MEMBER}{'/'.join(parts) or 'unnamed'}")


def read_gzip(path: Path, content: bytes) -> Iterator[Member]:
    """The one file in a gzip file.

    Raises:
        FormatError: It contains a tar archive.
    """
    name = path.name.removesuffix(".gz").removesuffix(".GZ") if path.suffix.lower() == ".gz" else f"{path.name}.txt"
    if path.suffix.lower() == ".tgz" or name.lower().endswith(".tar"):
        raise FormatError(f"{path.name} holds a tar archive.", path=path, mend=f"{_UNPACK[:-1]}; or use ZIP.")

    yield Member(path=_path_of(path, name), unpack=lambda room: _of_gzip(path, content, room))


def _of_gzip(path: Path, content: bytes, room: Room) -> bytes:
    unpacked = bytearray()
    most = min(MAX_MEMBER_BYTES, most_of(len(content)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            while part := file.read(_STEP):
                unpacked += part
                if len(unpacked) > most:
                    raise FormatError(_too_much(path, most), path=path, mend="Unpack it, and split it.")
                room.take(path, len(part))
    except _DAMAGE:
        raise FormatError(f"{path.name} is a damaged gzip file.", path=path, mend="Pack it again.") from None
    return bytes(unpacked)


def _too_much(path: Path, most: int) -> str:
    told = f"{most >> 20} MB" if most in (MAX_MEMBER_BYTES, _RATIO_FROM) else f"{_MAX_RATIO} times its size"
    return f"{path.name} unpacks to more than {told}."


def read_zip(path: Path, content: bytes) -> Iterator[Member]:
    """The files in a ZIP file; hidden ones are skipped.

    Raises:
        FormatError: It is damaged as a whole, or has too many members.
    """
    try:
        archive = opened(path, content)
    except _DAMAGE:
        raise FormatError(f"{path.name} is a damaged ZIP file.", path=path, mend="Pack it again.") from None
    members = [
        entry for entry in archive.infolist() if not entry.filename.endswith("/") and not _is_hidden(entry.filename)
    ]
    if len(members) > MAX_MEMBERS:
        raise _too_many(path, f"{len(members):,}")
    for entry in members:
        place = _path_of(path, entry.filename)
        yield Member(path=place, unpack=functools.partial(_of_zip, place, archive, entry))


def opened(path: Path, content: bytes) -> zipfile.ZipFile:
    """A ZIP file open for reading.

    Raises:
        FormatError: Its directory has more entries than are read: each takes half a kilobyte of memory.
        zipfile.BadZipFile, …: It is damaged.
    """
    # Entries of an unpacked ZIP file within it are counted too, which does no harm: neither has nearly so many.
    if (listed := content.count(_LISTED)) > _MAX_LISTED:
        raise _too_many(path, f"{listed:,}")
    return zipfile.ZipFile(io.BytesIO(content))


def _too_many(path: Path, count: str) -> FormatError:
    message = f"{path.name} holds {count} files; {MAX_MEMBERS:,} are the most."
    return FormatError(message, path=path, mend=_UNPACK)


def _of_zip(place: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: Room) -> bytes:
    if reason := _refused(entry):
        raise FormatError(reason, path=place)
    room.take(place, entry.file_size)
    try:
        # No more is unpacked than the size that the file states, which was checked.
        return archive.read(entry)
    except _DAMAGE:
        raise FormatError("It is damaged.", path=place) from None


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)


def _refused(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 1:
        return "It is encrypted; take the password off."
    if entry.file_size > MAX_MEMBER_BYTES:
        return f"It unpacks to more than {MAX_MEMBER_BYTES >> 20} MB."
    if entry.file_size > most_of(entry.compress_size):
        return f"It unpacks to more than {_MAX_RATIO} times its size, as no text does."
    return ""


def read_mail(path: Path, content: bytes) -> Iterator[Document | Member]:
    """The text of a mail, and its attachments; its sender is not an issuer.

    Raises:
        FormatError: It is not a mail.
    """
    try:
        found = list(_parts_of(path, _parsed(path, content)))
    except (AssertionError, ArithmeticError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        raise FormatError(f"{path.name} is a damaged mail.", path=path, mend="Save its text as .txt.") from None
    if not found:
        raise FormatError(f"{path.name} is a mail without text.", path=path, mend="Save its text as .txt.")
    yield from found


def _parsed(path: Path, content: bytes) -> EmailMessage:
    """A mail with its parts.

    Raises:
        FormatError: They take too long.
    """
    parser = BytesFeedParser(policy=_POLICY)
    most = time.process_time() + _SECONDS + len(content) / 1e6 / _MB_A_SECOND
    for start in range(0, len(content), _FED):
        parser.feed(content[start : start + _FED])
        if time.process_time() > most:
            raise FormatError(f"{path.name} has too many parts within parts.", path=path, mend="Save its text as .txt.")
    mail = parser.close()
    assert isinstance(mail, EmailMessage)
    return mail


def _parts_of(path: Path, mail: EmailMessage) -> Iterator[Document | Member]:
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is not None and isinstance(content := body.get_payload(decode=True), bytes):
        codec = codec_of(str(body.get_param("charset", "ascii")))
        raw = content.decode(codec, errors="replace") if codec else decode(path, content)
        raw = fragment(raw, path) if body.get_content_type() == "text/html" else raw
        with contextlib.suppress(FieldError):
            yield document(
                {"title": str(mail["subject"] or ""), "date": _moment_of(mail)}, raw, path=path, has_opening=False
            )
    for number, part in enumerate(mail.iter_attachments(), start=1):
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "message/rfc822":
            inner: Any = part.get_payload()
            payload = inner[0].as_bytes() if isinstance(inner, list) and inner else None
        if isinstance(payload, bytes):
            default = (
                f"attachment {number}.eml" if part.get_content_type() == "message/rfc822" else f"attachment {number}"
            )
            place = _path_of(path, part.get_filename() or default)
            yield Member(path=place, unpack=functools.partial(_attached, place, payload))


def _moment_of(mail: EmailMessage) -> dt.datetime | None:
    """When it was sent; None if it does not say, or what it says is not a valid moment."""
    try:
        date = mail["date"]
        return date.datetime if date is not None else None
    except (AttributeError, IndexError, OverflowError, TypeError, ValueError):
        return None


def _attached(place: Path, payload: bytes, room: Room) -> bytes:
    room.take(place, len(payload))
    return payload
