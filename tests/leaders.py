"""Invented readouts of leaders who meet again and again, for the tests of answers, and an assistant over them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from small_index import OKAFOR, TOLLIVER, HashEncoder, readout, write_corpus

from assistant.api import Assistant
from assistant.history import History
from index import build

MORIYAMA = "Kenji Moriyama | Prime Minister | Japan"
BRANDT = "Lena Brandt | Chancellor | Germany"
TODAY = dt.date(2024, 3, 1)

LEADERS: dict[str, str] = {
    "first-call.md": readout(
        "President Tolliver’s Call with Prime Minister Moriyama of Japan",
        "President Mara Tolliver spoke with Prime Minister Kenji Moriyama of Japan. They settled the quota for bluefin tuna.",
        published="2022-03-10",
        event="2022-03-10",
        parties=[TOLLIVER, MORIYAMA],
    ),
    "autumn-meeting.md": readout(
        "President Tolliver’s Meeting with Prime Minister Moriyama of Japan",
        "President Mara Tolliver met Prime Minister Kenji Moriyama of Japan in Honolulu. They reviewed the lighthouse "
        "programme and named two admirals to lead it.",
        published="2022-09-22",
        event="2022-09-21",
        kind="meeting",
        parties=[TOLLIVER, MORIYAMA],
    ),
    "second-call.md": readout(
        "President Tolliver’s Call with Prime Minister Moriyama",
        "President Mara Tolliver spoke with Prime Minister Kenji Moriyama. The Prime Minister described the flooding of the "
        "Kiso valley. Ms. Tolliver offered nine rescue helicopters.\n\n"
        "The two leaders agreed to stay in close touch about the flooding of the Kiso valley.",
        published="2023-02-14",
        event="2023-02-14",
        parties=[TOLLIVER, MORIYAMA],
    ),
    "group-call.md": readout(
        "President Tolliver’s Call with Japan and Germany",
        "President Mara Tolliver spoke with Prime Minister Kenji Moriyama of Japan and Chancellor Lena Brandt of Germany. "
        "They compared their stocks of cobalt.",
        published="2023-03-20",
        event="2023-03-20",
        parties=[TOLLIVER, MORIYAMA, BRANDT],
    ),
    "coming-visit.md": readout(
        "Prime Minister Moriyama of Japan to Visit Washington",
        "President Mara Tolliver will welcome Prime Minister Kenji Moriyama of Japan to Washington on June 5. "
        "They will open an orchard of cherry trees.",
        published="2023-05-20",
        event="2023-05-20",
        kind="announcement",
        parties=[TOLLIVER, MORIYAMA],
    ),
    "june-meeting.md": readout(
        "President Tolliver’s Meeting with Prime Minister Moriyama of Japan",
        "President Mara Tolliver met Prime Minister Kenji Moriyama of Japan in Washington. They opened an orchard of cherry "
        "trees. The Prime Minister promised a museum of kites.",
        published="2023-06-05",
        event="2023-06-05",
        kind="meeting",
        parties=[TOLLIVER, MORIYAMA],
    ),
    "brandt-call.md": readout(
        "President Tolliver’s Call with Chancellor Brandt of Germany",
        "President Mara Tolliver spoke with Chancellor Lena Brandt of Germany. They discussed the toll on the Elbe lock.",
        published="2022-05-04",
        event="2022-05-04",
        parties=[TOLLIVER, BRANDT],
    ),
    "brandt-meeting.md": readout(
        "President Tolliver’s Meeting with Chancellor Brandt of Germany",
        "President Mara Tolliver met Chancellor Lena Brandt of Germany in Bremen. They inspected the turbines of the tidal "
        "dam, and the Chancellor asked for thirty divers.",
        published="2023-07-11",
        event="2023-07-11",
        kind="meeting",
        parties=[TOLLIVER, BRANDT],
    ),
    "accra-visit.md": readout(
        "Vice President Okafor Travels to Ghana",
        "Vice President Jane Okafor visited Accra and met President Kwame Sarpong of Ghana. She handed over a fireboat.",
        published="2023-08-02",
        event="2023-08-02",
        kind="visit",
        parties=[OKAFOR, "Kwame Sarpong | President | Ghana"],
    ),
    "harbour-forum.md": readout(
        "Forum on Harbour Dredging in Lisbon",
        "Delegates from nine ports gathered in Lisbon for the forum on harbour dredging. They adopted a code for silt.",
        published="2023-09-14",
        event="2023-09-14",
        kind="meeting",
    ),
    "accra-palace.md": readout(
        "Audience with the Vice President of the United States",
        "President Kwame Sarpong received Vice President Jane Okafor at the palace. She handed over a fireboat.",
        published="2023-08-03",
        event="2023-08-02",
        issuer="Presidency of Ghana",
        kind="meeting",
        parties=["Kwame Sarpong | President | Ghana", OKAFOR],
    ),
}  # fmt: skip


def make_index(folder: Path, readouts: dict[str, str] | None = None) -> Path:
    """An index of these readouts (the leaders' by default) in a new folder; gives the index's folder back."""
    build.add(
        folder / "built", [write_corpus(folder / "texts", LEADERS if readouts is None else readouts)], HashEncoder
    )
    return folder / "built"


def open_assistant(folder: Path, history: Path | None = None) -> Assistant:
    """An assistant that needs no model and takes the first of March 2024 for today."""
    return Assistant(folder, history=History(history), encoder=HashEncoder(), today=lambda: TODAY)
