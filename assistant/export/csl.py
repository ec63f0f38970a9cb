"""CSL-JSON, which Zotero, Mendeley and pandoc read: https://docs.citationstyles.org/en/stable/specification.html."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from assistant.export.references import Reference, references
from assistant.export.sheet import Sheet


def render(sheet: Sheet) -> str:
    """An array of items, one per readout."""
    return json.dumps([_item(reference) for reference in references(sheet)], ensure_ascii=False, indent=1) + "\n"


def _item(reference: Reference) -> dict[str, Any]:
    # CSL 1.0.2 has no press release: an official text on the web is a "webpage" of a genre, and without an address a
    # "document". No date of access is given, since the program never looks at the address.
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "webpage" if reference.url else "document",
        "title": reference.title,
    }
    if reference.genre:
        item["genre"] = reference.genre
    if reference.issuer:
        item["author"] = [{"literal": reference.issuer}]
    if reference.issued:
        item["issued"] = _date(reference.issued)
    if reference.url:
        item["URL"] = reference.url
    if reference.language:
        item["language"] = reference.language
    if reference.event:
        item["note"] = f"Event: {reference.event}"
    if reference.quotes:
        item["annote"] = "\n".join(reference.quotes)
    return item


def _date(day: dt.date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
