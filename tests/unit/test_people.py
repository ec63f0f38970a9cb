"""Everybody whom the readouts name, as the catalogue keeps them: always what gathering from all readouts would give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from processes import in_process
from small_index import HashEncoder, readout, write_corpus

from index import build, people
from index.catalogue import Catalogue
from index.facts.directory import Directory
from index.facts.known import Gathered
from index.people import StoredPeople, keep_people, known_people, people_kept


@pytest.fixture
def grown(corpus: Path) -> Path:
    """The corpus with people of one surname, of two countries and in two orders, and a spelling of somebody known."""
    more = {
        "one.md": ("Mara J. Tolliver | President | United States", "Moriyama Kenji | Prime Minister | Japan"),
        "two.md": ("Mara Tolliver | President | United States", "Aiko Brandt | Minister | Japan"),
        "three.md": ("Mara Tolliver | President | United States", "Harun bin Faisal Al Nur | Sultan | Oman"),
    }
    texts = {name: readout("A call", f"They spoke of kelp {name}.", parties=parties) for name, parties in more.items()}
    return write_corpus(corpus, texts)


def in_step(built: Path) -> StoredPeople:
    """The stored people, which are those that the readouts of now give."""
    catalogue = Catalogue(built)
    stored, gathered = known_people(catalogue), Gathered.of(catalogue.everybody())
    assert isinstance(stored, StoredPeople)
    everybody = dict(enumerate(gathered.everybody))
    assert stored.entries([*everybody, len(everybody)]) == everybody
    assert stored.span == gathered.span
    assert stored.bearers([*gathered.words, "nobody"]) == gathered.words
    names = {entry.person.name for entry in everybody.values()}
    countries = {country for entry in everybody.values() for country in entry.person.countries}
    assert stored.named(names) == gathered.named(names)
    for country in countries:
        for words in ((), ("minister",), ("prime", "minister"), ("nobody",)):
            assert stored.of_country(country, words) == gathered.of_country(country, words)
        for party in (*names, *countries):
            assert stored.days([party]) == gathered.days([party])
            assert stored.days([party, country]) == gathered.days([party, country])
    for initial in {word[0] for word in gathered.all_called()} | {"x"}:
        assert stored.called(initial) == gathered.called(initial)
    assert catalogue.run("SELECT count(*) FROM people") == [(len(everybody),)]
    return stored


def test_people_are_in_step_with_readouts_that_come_change_and_go(built: Path, grown: Path) -> None:
    before = in_step(built)
    build.add(built, [grown], HashEncoder)
    assert len(in_step(built).bearers(["brandt"])["brandt"]) == 2
    path = grown / "two.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Aiko Brandt", "Aiko Sundqvist"), encoding="utf-8")
    build.add(built, [grown], HashEncoder)
    assert not in_step(built).bearers(["aiko"])["aiko"].keys() & in_step(built).bearers(["brandt"])["brandt"].keys()
    build.remove(built, ["two", "three"])
    assert not in_step(built).bearers(["sundqvist", "harun"])
    build.rebuild(built, HashEncoder)
    assert in_step(built).span == before.span


def test_days_are_those_of_the_readouts_that_parties_share(built: Path) -> None:
    known = in_step(built)
    assert known.days(["Mara Tolliver", "Japan"]) == Gathered.of(Catalogue(built).everybody()).days(
        ["Mara Tolliver", "Japan"]
    )
    assert known.days(["Mara Tolliver", "Japan"])
    assert known.days(["Mara Tolliver", "Nobody"]) == known.days([]) == ()
    assert all(isinstance(day, dt.date) for day in known.days(["Japan"]))


def test_a_run_killed_once_people_were_written_leaves_them_as_they_were(built: Path, grown: Path) -> None:
    code = """
    keep = build.keep_people
    def die(catalogue):
        keep(catalogue)
        os.kill(os.getpid(), signal.SIGKILL)
    build.keep_people = die
    build.add(built, [corpus], HashEncoder)
    """
    before = in_step(built).bearers(["harun", "moriama"])
    assert in_process(code, built, grown).returncode == -9
    assert in_step(built).bearers(["harun", "moriama"]) == before
    build.add(built, [grown], HashEncoder)
    assert in_step(built).bearers(["harun"])


def test_people_of_an_earlier_generation_or_of_other_rules_are_gathered_until_the_next_run(
    built: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "GATHERING_VERSION", people.GATHERING_VERSION + 1)
    catalogue = Catalogue(built)
    assert isinstance(known_people(catalogue), Gathered)
    build.add(built, [corpus], HashEncoder)
    assert people_kept(catalogue)
    in_step(built)
    writer = Catalogue(built, write=True)
    writer.set_meta("generation", "99")
    assert not people_kept(catalogue)
    with writer.transaction():
        keep_people(writer)
    assert people_kept(catalogue)


def test_a_question_is_understood_the_same_whether_people_are_stored_or_gathered(built: Path, grown: Path) -> None:
    build.add(built, [grown], HashEncoder)
    catalogue = Catalogue(built)
    stored, gathered = (
        Directory(one, catalogue.is_word) for one in (known_people(catalogue), Gathered.of(catalogue.everybody()))
    )
    for text in ("Moriyama Kenji and Mara Tolliver", "what did brandt say to Harun", "Whitlock's call", ""):
        assert stored.lookup(text) == gathered.lookup(text)
    assert stored.lookup("what did Brandt say")
    for word in ("Moriyma", "Tollivre", "kelp", "Petrnskyy"):
        assert stored.nearest(word) == gathered.nearest(word)
    assert stored.nearest("Moriyma") == "Moriyama"
    assert stored.home == gathered.home == ("United States",)
    assert stored.holders("prime minister", "Japan") == gathered.holders("prime minister", "Japan")
