"""Files that were read: their digests, the fields their columns were taken for, and the documents in each."""

from __future__ import annotations

import json
from collections.abc import Mapping

from index.matching import MatchingDatabase
from index.reports import MEMBER


class FileDatabase(MatchingDatabase):
    """The catalogue's record of files; methods that change something must be called within a transaction."""

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Digest and reader version of every file that was read."""
        found = self.run("SELECT path, digest, reader_version FROM files")
        return {path: (digest, version) for path, digest, version in found}

    def fields(self) -> dict[str, dict[str, dict[str, str]]]:
        """For each file with columns, what they were taken for: the column of each field, by the file's members."""
        return {
            path: json.loads(fields) for path, fields in self.run("SELECT path, fields FROM files WHERE fields != ''")
        }

    def set_file(self, path: str, digest: bytes, reader_version: int, fields: Mapping[str, Mapping[str, str]]) -> None:
        """Record that a file was read, and what its columns were taken for."""
        kept = json.dumps({member: dict(columns) for member, columns in fields.items()}) if fields else ""
        self.run("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (path, digest, reader_version, kept))

    def forget_file(self, path: str) -> None:
        """Forget a file; its documents are removed separately."""
        self.run("DELETE FROM files WHERE path = ?", (path,))

    def documents_of(self, path: str) -> dict[str, tuple[int, str, bytes]]:
        """Row, doc_id and digest of every document in a file and its members, by the file's own id for it."""
        found = self.run(
            "SELECT record_id, id, doc_id, digest FROM documents WHERE path = ? OR (path > ? AND path < ?)",
            (path, f"{path}{MEMBER}", f"{path}{MEMBER[:-1]}{chr(ord(MEMBER[-1]) + 1)}"),
        )
        return {record: (row, doc_id, digest) for record, row, doc_id, digest in found}
