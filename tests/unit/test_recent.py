"""Passages kept from question to question: the same as read anew, of the present index, and not more than there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from index import full_text
from index.coverage import Asked
from index.datatypes import Facts, Party, Passage, Source, Span
from index.recent import ReadPassage, RecentPassages
from index.sentences import sentences

FACTS = Facts(place="Bremen", parties=(Party(name="Lena Brandt", office="Chancellor", country="Germany"),))


def passage(text: str, number: int = 0) -> Passage:
    return Passage(
        source=Source(doc_id=str(number), title="Call on salt"), paragraph=number, text=text,
        span=Span(start=0, end=len(text)), sentences=tuple(sentences(text)),
    )  # fmt: skip


class Store:
    """Passages by id, whose texts change with the generation; remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.text = "Kelp grew."

    def __call__(self, ids: Sequence[int]) -> dict[int, tuple[Passage, Facts]]:
        self.asked += ids
        return {row: (passage(self.text, row), FACTS) for row in ids}


class TestReadPassage:
    def test_each_stem_knows_the_sentences_that_hold_it(self) -> None:
        one = ReadPassage.of(passage("Kelp grew. Salt sold. Kelp and salt."), FACTS)
        assert (one.sentences["kelp"], one.sentences["salt"], one.sentences["grew"]) == (0b101, 0b110, 0b1)

    def test_all_its_sentences_together_hold_the_stems_of_its_text(self) -> None:
        one = ReadPassage.of(passage("Kelp grew in the U.S. Salt’s price fell."), FACTS)
        assert one.sentences.keys() == full_text.stems(one.passage.text)

    def test_a_name_of_several_words_is_held_by_a_sentence_that_has_all_of_them(self) -> None:
        asked = Asked.of("What of Pyongyang and kelp?", {"pyongyang": 1.0, "kelp": 1.0})
        one = ReadPassage.of(passage("The north grew kelp. North Korea grew salt. Korea fished."), FACTS)
        assert asked.in_sentences(one.sentences, 3) == [asked.bits(["kelp"]), asked.bits(["pyongyang"]), 0]


class TestRecentPassages:
    def test_what_is_kept_is_not_read_again_and_comes_in_the_order_asked_for(self) -> None:
        store = Store()
        recent = RecentPassages(store)
        recent.of([1, 2], 7)
        found = recent.of([3, 2, 1], 7)
        assert [one.passage.paragraph for one in found] == [3, 2, 1]
        assert store.asked == [1, 2, 3]

    def test_only_what_need_not_be_read_is_given_where_that_is_asked_for(self) -> None:
        store = Store()
        recent = RecentPassages(store)
        first, second = recent.of([1, 2], 7)
        assert recent.kept([3, 2, 1], 7) == [second, first]
        assert recent.kept([1, 2], 8) == []
        assert store.asked == [1, 2]

    def test_a_new_generation_is_read_anew(self) -> None:
        store = Store()
        recent = RecentPassages(store)
        recent.of([1], 7)
        store.text = "Salt sold."
        assert recent.of([1], 7)[0].passage.text == "Kelp grew."
        assert recent.of([1], 8)[0].passage.text == "Salt sold."

    def test_what_a_change_left_as_it_was_is_not_held_twice(self) -> None:
        store = Store()
        recent = RecentPassages(store)
        before = recent.of([1, 2], 7)
        assert all(one is other for one, other in zip(before, recent.of([1, 2], 8), strict=True))
        assert store.asked == [1, 2, 1, 2]

    def test_there_is_no_more_room_with_generations_before(self) -> None:
        recent = RecentPassages(Store(), size=3)
        recent.of([1, 2, 3], 7)
        recent.of([4, 5], 8)
        assert len(recent) == 3
        recent.of([4, 5, 6, 7], 9)
        assert len(recent) == 3

    def test_what_was_asked_for_longest_ago_goes_first(self) -> None:
        store = Store()
        recent = RecentPassages(store, size=3)
        for ids in ([1, 2, 3], [1], [4], [1, 3]):
            recent.of(ids, 0)
        assert store.asked == [1, 2, 3, 4]
        recent.of([2], 0)
        assert store.asked == [1, 2, 3, 4, 2]
        assert len(recent) == 3

    def test_more_than_there_is_room_for_is_found_all_the_same(self) -> None:
        recent = RecentPassages(Store(), size=2)
        assert [one.passage.paragraph for one in recent.of([5, 4, 3, 2], 0)] == [5, 4, 3, 2]
        assert len(recent) == 2

    def test_several_threads_find_what_they_ask_for(self) -> None:
        recent = RecentPassages(Store(), size=8)
        asked = [[n % 13, (n + 5) % 13, (n + 9) % 13] for n in range(400)]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda ids: recent.of(ids, 0), asked))
        assert [[one.passage.paragraph for one in some] for some in found] == asked
        assert len(recent) == 8
