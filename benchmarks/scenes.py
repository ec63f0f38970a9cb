"""What is disturbed: runs over a small index, conversations and saved searches, each from a known state to a known one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import assistant.backup
import assistant.repairing
import assistant.restoring
import assistant.storage
import index.build
import index.database
import index.keeping
import index.salvage
import index.web
from assistant.api import Assistant
from assistant.bundled import bundled_corpus
from assistant.errors import ReadoutsError
from assistant.history import History
from benchmarks.forked import Child, command, encoder_of, reached, run
from benchmarks.older import make_old
from index.catalogue import Catalogue

#: Turns of a conversation that is disturbed.
TURNS = 40
#: Words that come with every change of a readout.
COME = "The ministers praised the whelk harvest of the northern coast."


@dataclass(frozen=True, slots=True)
class Place:
    """One folder with all that a run reads and writes; always the same one, since an index knows its files by their paths."""

    folder: Path

    @property
    def index(self) -> Path:
        """Folder of the index."""
        return self.folder / "index"

    @property
    def history(self) -> Path:
        """Folder of conversations and saved searches."""
        return self.folder / "history"

    @property
    def corpus(self) -> Path:
        """Folder of the readouts."""
        return self.folder / "corpus"

    @property
    def named(self) -> Path:
        """Folder of the files that a person names: backups, exported conversations."""
        return self.folder / "named"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that have everything kept below the folder."""
        home = {f"XDG_{what}_HOME": str(self.folder / "home" / what.lower()) for what in ("DATA", "CONFIG", "CACHE")}
        places = {"READOUTS_INDEX": str(self.index), "READOUTS_HISTORY": str(self.history)}
        return home | places | {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "temporary")}

    def empty(self, files: int) -> None:
        """Nothing but a corpus of so many of the bundled readouts."""
        self.clear()
        for name in ("home", "temporary", "history", "corpus", "named"):
            (self.folder / name).mkdir(parents=True)
        for path in sorted(bundled_corpus().glob("*.md"))[1 : files + 1]:
            shutil.copy(path, self.corpus)

    def warm(self, files: int) -> None:
        """Read, index and ask once in this process, so that those forked from it begin with what that loads."""
        self.empty(files)
        with Assistant(self.index, history=History(None), encoder=encoder_of()) as assistant:
            assistant.add([self.corpus])
            assistant.ask("What did the leaders say about Ukraine?")

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def ran(self, *arguments: object, code: int = 0) -> None:
        """``readouts ARGUMENTS`` to its end, which must be a good one."""
        ended = run(arguments, self.environment)
        if ended.code != code:
            raise SystemExit(f"{arguments} ended with {ended.code}:\n{ended.err}")

    def files(self) -> list[Path]:
        """Readouts of the corpus, in order of name."""
        return sorted(self.corpus.glob("*.md"))


def change(path: Path) -> None:
    """Replace the last paragraph of a readout."""
    head = path.read_text(encoding="utf-8").rstrip().rpartition("\n\n")[0]
    beside = path.with_suffix(".part")
    beside.write_text(f"{head}\n\n{COME} {path.stem}\n", encoding="utf-8")
    beside.replace(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One kind of run.

    Attributes:
        name: What is done.
        prepare: Makes the state before, of a place with a corpus alone.
        work: What the process does; returns the exit code.
        again: What completes it once it was disturbed; the same by default.
        codes: Exit codes of a run that did all.
        during: Changes that are made meanwhile, one after the other, for a process that watches.
        windows: Places in the program from whose reaching on moments are drawn, beside those of the whole run.
        promises: Whether what it prints says what is kept.
        between: Works that end in the states between before and after, in order.
        heals: Whether the process goes on after a failure, and what failed once is done by its end.
    """

    name: str
    prepare: Callable[[Place], None]
    work: Callable[[Place], int]
    again: Callable[[Place], int] | None = None
    codes: tuple[int, ...] = (0,)
    during: Callable[[Place], Iterator[None]] | None = None
    windows: tuple[str, ...] = ()
    promises: bool = False
    between: tuple[Callable[[Place], int], ...] = ()
    heals: bool = False

    def start(
        self, place: Place, *, window: str = "", again: bool = False, work: Callable[[], int] | None = None
    ) -> Child:
        """Start the process, or another work in its place; it says when it enters and leaves a window."""

        def live() -> int:
            if window:
                told(window)
            return work() if work else (self.again or self.work if again else self.work)(place)

        return Child(live, place.environment)


#: Windows: where in the program they are entered.
WINDOWS: dict[str, tuple[object, str]] = {
    "opening": (index.database.Database, "_open"),
    "bringing up to date": (index.build, "renew"),
    "transaction": (index.database.Database, "transaction"),
    "vectors": (index.keeping, "change_vectors"),
    "sweeping": (index.build, "tidy"),
    "keeping": (assistant.storage.Storage, "writing"),
    "packing": (assistant.backup, "_write"),
    "fetching": (index.web, "keep"),
    "putting in place": (assistant.restoring, "_put_in_place"),
    "an index replaced": (index.salvage, "replace_index"),
    "a database replaced": (assistant.repairing, "replace_database"),
}


def told(window: str) -> None:
    """Have a window of this process told when it is entered, and when it is left."""
    owner, name = WINDOWS[window]
    plain = getattr(owner, name)

    def function(*args: object, **named: object) -> object:
        reached()
        try:
            return plain(*args, **named)
        finally:
            reached()

    @contextmanager
    def context(*args: object, **named: object) -> Iterator[object]:
        reached()
        try:
            with plain(*args, **named) as given:
                yield given
        finally:
            reached()

    setattr(owner, name, context if name in ("transaction", "writing") else function)


def _readouts(*arguments: object, corpus: bool = False) -> Callable[[Place], int]:
    return lambda place: command([*arguments, *([place.corpus] if corpus else [])])


def _nothing(place: Place) -> None:
    pass


def indexed(place: Place) -> None:
    """An index of the corpus."""
    place.ran("index", place.corpus)


def changed(place: Place) -> None:
    """An index, and readouts that were changed, removed, renamed, posted again and added since."""
    indexed(place)
    files = place.files()
    change(files[0])
    change(files[1])
    files[2].unlink()
    files[3].rename(files[3].with_name("renamed.md"))
    shutil.copy(files[4], place.corpus / "posted-again.md")
    text = files[5].read_text(encoding="utf-8").replace("President", "Chancellor")
    (place.corpus / "new.md").write_text(f"{text}\n\n{COME}\n", encoding="utf-8")


def _old(place: Place) -> None:
    indexed(place)
    make_old(place.index)


def _talked(place: Place) -> None:
    indexed(place)
    for name in ("first", "second"):
        place.ran("ask", "What did the leaders say about Ukraine?", "--conversation", name)


def _searching(place: Place) -> None:
    indexed(place)
    place.ran("watch", "add", "coast", "whelk harvest")
    place.ran("watch", "add", "calls", "kind:call")
    place.ran("watch", "run", code=10)
    for path in place.files()[:3]:
        change(path)
    text = place.files()[0].read_text(encoding="utf-8")
    (place.corpus / "new.md").write_text(f"{text}\n\nA further call about oysters.\n", encoding="utf-8")
    place.ran("index", place.corpus)


def _removed(place: Place) -> int:
    return command(["remove", *(path.stem for path in place.files()[2:6])])


def _removed_again(place: Place) -> int:
    """Removes what is still there."""
    wanted = [path.stem for path in place.files()[2:6]]
    there = set(Catalogue(place.index).doc_ids_like(wanted[0]))
    return command(["remove", *wanted]) if there else command(["index", place.corpus])


def _talk(place: Place) -> int:
    with Assistant(place.index, history=History(place.history), encoder=encoder_of()) as assistant:
        talk = assistant.conversation("talked")
        for number in range(1, TURNS + 1):
            talk.ask(f"What did the leaders say about Ukraine on day {number}?")
            os.write(1, f"kept {number}\n".encode())
    return 0


def _deleted(place: Place) -> int:
    history = History(place.history)
    try:
        if any(talk.id == "first" for talk in history.conversations()):
            history.delete("first")
    except ReadoutsError as error:
        # As the chat tells it.
        print(f"{error.message}\n{error.mend}", file=sys.stderr)
        return 1
    finally:
        history.close()
    return 0


_ADD_SEARCH = ("watch", "add", "coast", "whelk harvest", "--from-now")


def _search_added_again(place: Place) -> int:
    """Adds it where the run that was disturbed did not."""
    with Assistant(place.index, history=History(place.history), encoder=encoder_of()) as assistant:
        there = assistant.saved.all()
    return 0 if there else command(_ADD_SEARCH)


def _growing(place: Place) -> Iterator[None]:
    for path in place.files()[:4]:
        change(path)
        yield


_WRITING = ("transaction", "vectors", "sweeping")
SCENES = (
    Scene(name="index anew", prepare=_nothing, work=_readouts("index", corpus=True), windows=("opening", *_WRITING)),
    Scene(name="index again, with changes", prepare=changed, work=_readouts("index", corpus=True), windows=_WRITING),
    Scene(name="remove", prepare=indexed, work=_removed, again=_removed_again, windows=_WRITING),
    Scene(
        name="bring an older index up to date",
        prepare=_old,
        work=_readouts("index", corpus=True),
        windows=("opening", "bringing up to date", *_WRITING),
    ),
    Scene(name="rebuild", prepare=indexed, work=_readouts("index", "--rebuild"), windows=_WRITING),
    Scene(
        name="rebuild with another model",
        prepare=indexed,
        work=_readouts("index", "--rebuild", "--model", "other"),
        windows=_WRITING,
    ),
    Scene(name="converse", prepare=indexed, work=_talk, windows=("keeping",), promises=True),
    Scene(name="delete a conversation", prepare=_talked, work=_deleted, windows=("keeping",)),
    Scene(
        name="save a search",
        prepare=indexed,
        work=_readouts(*_ADD_SEARCH),
        again=_search_added_again,
        windows=("keeping",),
    ),
    Scene(
        name="tell the news of searches",
        prepare=_searching,
        work=_readouts("watch", "run", "--json"),
        codes=(10, 0),
        windows=("keeping",),
        promises=True,
    ),
    Scene(
        name="index --watch",
        prepare=indexed,
        work=_readouts("index", "--watch", "--json", corpus=True),
        again=_readouts("index", corpus=True),
        during=_growing,
        promises=True,
    ),
)

_ASKED = ("ask", "What did the leaders say about Ukraine?", "--conversation", "first")


def _asked_again(place: Place) -> int:
    """Asks where the turn of the run that was disturbed is not kept."""
    history = History(place.history)
    there = len(history.turns("first"))
    history.close()
    return 0 if there == 2 else command(_ASKED)


#: One question of a conversation, by the command line; of the disturbances, the one of which an answer is to be shown.
ASK = Scene(name="ask in a conversation", prepare=_talked, work=_readouts(*_ASKED), again=_asked_again)
