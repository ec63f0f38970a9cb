"""A small world for tests: an encoder that needs no model, and eight invented readouts as files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.protocols import Vectors


class HashEncoder:
    """Texts as unit vectors of their words, hashed: texts that share words are near, and nothing is learned or loaded.

    Attributes:
        encoded: Every text that was encoded, in order.
    """

    engine = "hash"

    def __init__(self, *, dimension: int = 128, revision: str = "first", name: str = "hashed-words") -> None:
        self.name, self.revision, self.dimension = name, revision, dimension
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            # The common first word keeps a text without words from having no direction.
            for word in ["", *re.findall(r"\w+", text.lower())]:
                number = int.from_bytes(
                    hashlib.blake2b(f"{self.revision} {word}".encode(errors="replace"), digest_size=8).digest()
                )
                row[number % self.dimension] += 1.0 if number & 1 << 40 else -1.0
            if not row.any():
                row[0] = 1.0
            row /= np.linalg.norm(row)
        self.encoded += texts
        return vectors

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        places = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        for first in range(0, len(places), 5):
            part = places[first : first + 5]
            yield np.array(part, dtype=np.intp), self.encode([texts[place] for place in part])


def readout(
    title: str,
    text: str,
    *,
    published: str = "2023-05-19",
    event: str = "",
    issuer: str = "White House (United States)",
    kind: str = "call",
    parties: Sequence[str] = (),
) -> str:
    """A Markdown file with front matter; ``parties`` as ``name | office | country``, the first one the issuer's own."""
    lines = [f"title: {title}", f"published: {published}", f"issuer: {issuer}", f"kind: {kind}"]
    lines += [f"event_date: {event}"] if event else []
    lines += ["parties:"] if parties else []
    for place, party in enumerate(parties):
        name, office, country = (part.strip() for part in party.split("|"))
        side = "counterpart" if place else "own"
        lines.append(f'  - {{name: "{name}", office: "{office}", country: "{country}", side: {side}}}')
    return "\n".join(["---", *lines, "---", "", text, ""])


TOLLIVER = "Mara Tolliver | President | United States"
OKAFOR = "Jane Okafor | Vice President | United States"

READOUTS: dict[str, str] = {
    "japan-call.md": readout(
        "President Tolliver’s Call with Prime Minister Moriyama of Japan",
        "President Mara Tolliver spoke today with Prime Minister Kenji Moriyama of Japan. They welcomed the new shipyard "
        "agreement. The President thanked the Prime Minister for sheltering the crew of a damaged survey vessel.\n\n"
        "They also discussed tariffs on optical glass. Both leaders asked their ministers to settle the matter by autumn.",
        event="2023-05-18",
        parties=[TOLLIVER, "Kenji Moriyama | Prime Minister | Japan"],
    ),
    "japan-visit.md": readout(
        "Vice President Okafor Visits Kyoto",
        "Vice President Jane Okafor visited Kyoto and met Prime Minister Kenji Moriyama. They opened a school of marine "
        "engineering. Ms. Okafor announced forty scholarships.",
        published="2022-05-27",
        event="2022-05-27",
        kind="visit",
        parties=[OKAFOR, "Kenji Moriyama | Prime Minister | Japan"],
    ),
    "germany-meeting.md": readout(
        "President Tolliver Meets Chancellor Brandt",
        "President Mara Tolliver met Chancellor Lena Brandt of Germany. The Chancellor promised to double the number of "
        "river barges that carry grain. They agreed on the Vistula protocol.\n\n"
        "The leaders reviewed the winter stocks of gas. Chancellor Brandt said that the caverns were nine tenths full.",
        published="2023-01-17",
        event="2023-01-16",
        kind="meeting",
        parties=[TOLLIVER, "Lena Brandt | Federal Chancellor | Germany"],
    ),
    "qatar-call.md": readout(
        "President Tolliver’s Call with the Emir of Qatar",
        "President Mara Tolliver thanked the Emir of Qatar for his part in the release of four engineers. They spoke of the "
        "ceasefire around the lagoon and of the convoys that bring water to its villages.",
        published="2023-10-13",
        event="2023-10-13",
        parties=[TOLLIVER, "Hamid Al-Nasri | Emir | Qatar"],
    ),
    "ukraine-call.md": readout(
        "President Tolliver’s Call with President Petrenskyy",
        "President Mara Tolliver and President Volodar Petrenskyy spoke about mobile bridges. The United States will send "
        "eleven of them before the thaw.",
        published="2023-02-01",
        event="2023-02-01",
        parties=[TOLLIVER, "Volodar Petrenskyy | President | Ukraine"],
    ),
    "kremlin-call.md": readout(
        "Telephone conversation with President of France",
        "The President of Russia had a telephone conversation with the President of France Élodie Marchand, at the "
        "initiative of the French side. They exchanged views on the Caspian pipeline.",
        published="2023-03-04",
        event="2023-03-04",
        issuer="Kremlin (President of Russia)",
        parties=["Anton Belov | President | Russia", "Élodie Marchand | President | France"],
    ),
    "elysee-statement.md": readout(
        "Déclaration on the Caspian pipeline",
        "President Élodie Marchand called for an inspection of the Caspian pipeline by engineers of the U.N. She said that "
        "Côte d’Ivoire’s ports had offered help. Russia’s president gave no date.",
        published="2023-03-05",
        event="2023-03-05",
        issuer="Élysée (President of France)",
        kind="statement",
        parties=["Élodie Marchand | President | France"],
    ),
    "nato-meeting.md": readout(
        "National Security Advisor Whitlock’s Meeting with NATO",
        "National Security Advisor Peter Whitlock met ambassadors of NATO. They discussed undersea cables. Mr. Whitlock "
        "asked the allies to map every cable by spring.",
        published="2021-11-10",
        event="",
        kind="meeting",
        parties=["Peter Whitlock | National Security Advisor | United States", " | | NATO"],
    ),
}


def write_corpus(folder: Path, readouts: dict[str, str] | None = None) -> Path:
    """Write readouts as files into a folder, which is made; gives the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (READOUTS if readouts is None else readouts).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
