"""A small world of invented readouts for the tests of understanding."""

from __future__ import annotations

import datetime as dt

from index.datatypes import Party, Side
from index.facts.directory import Directory
from index.facts.known import Row

MARA = Party(name="Mara Tolliver", office="President", country="United States", side=Side.OWN)
VICE = Party(name="Jane Okafor", office="Vice President", country="United States", side=Side.OWN)
KENJI = Party(name="Kenji Moriyama", office="Prime Minister", country="Japan")
MORIYAMA_KENJI = Party(name="Moriyama Kenji", office="Prime Minister", country="Japan")
LENA = Party(name="Lena Brandt", office="Chancellor", country="Germany")
OLD_CHANCELLOR = Party(name="Otto Hagen", office="Chancellor", country="Germany")
PETRO = Party(name="Volodar Petrenskyy", office="President", country="Ukraine")
PETRO_OTHERWISE = Party(name="Petrensky", office="President", country="Ukraine")
SULTAN = Party(name="Harun bin Faisal Al Nur", office="Sultan", country="Oman")

#: Day of each invented readout, and who took part.
READOUTS: tuple[tuple[str, tuple[Party, ...]], ...] = (
    ("2021-02-10", (MARA, OLD_CHANCELLOR)),
    ("2021-06-03", (MARA, OLD_CHANCELLOR)),
    ("2022-03-18", (MARA, KENJI)),
    ("2022-05-20", (MARA, MORIYAMA_KENJI)),
    ("2022-05-27", (VICE, KENJI)),
    ("2022-11-15", (MARA, LENA)),
    ("2023-01-09", (MARA, LENA)),
    ("2023-01-16", (MARA, LENA)),
    ("2023-02-01", (MARA, PETRO)),
    ("2023-04-11", (MARA, PETRO_OTHERWISE)),
    ("2023-04-20", (VICE, PETRO)),
    ("2023-06-02", (MARA, SULTAN)),
)
WORDS = frozenset({"steel", "energy", "petrol", "salmon", "order", "moral", "brand"})


def rows() -> list[Row]:
    """Every party of the invented readouts, with its day."""
    return [(party, dt.date.fromisoformat(day), day) for day, parties in READOUTS for party in parties]


def directory() -> Directory:
    """Everybody of the invented readouts; ``WORDS`` are the other words that these use."""
    return Directory.of(rows(), lambda word: word in WORDS)
