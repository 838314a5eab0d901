"""The index of pictures: who shares a key is found, in both directions, whatever comes first."""

import dataclasses
from collections.abc import Callable

from domain.likeness import FilePrint, PagePrint, RegionKind, RegionPrint
from domain.reading import PrintedResult
from store import Store
from store.likenesses import MOST_CANDIDATES, MOST_PER_KEY
from tests.store.builders import digest_of, make_batch, make_input, make_submission

Bands = tuple[tuple[int, ...], ...]


def print_of(name: str, bands: Bands = (), marks: tuple[tuple[str, str], ...] = ()) -> FilePrint:
    region = RegionPrint(
        kind=RegionKind.CERTIFICATE_NUMBER,
        left=0.1,
        top=0.2,
        right=0.4,
        bottom=0.25,
        bits="0f" * 64,
        keys=bands,
    )
    page = PagePrint(page_number=1, regions=(region,))
    return FilePrint(file_digest=digest_of(name), pages=(page,), marks=marks)


def found(store: Store, item: FilePrint) -> list[str]:
    return [one.file_digest for one in store.likenesses.candidates(item)]


def test_a_print_is_found_by_a_key_of_its_own_and_by_one_it_might_have_had(store: Store) -> None:
    first = print_of("a", ((11, 12), (21, 22)))
    probing = print_of("b", ((99, 98), (77, 21)))
    other = print_of("c", ((21, 22), (11, 12)))  # the same values in other bands
    store.likenesses.keep([first, probing, other])
    assert found(store, probing) == [digest_of("a")]
    assert found(store, other) == []
    (candidate,) = store.likenesses.candidates(probing)
    (region,) = candidate.pages[0].regions
    assert region == dataclasses.replace(first.pages[0].regions[0], keys=())


def test_a_number_weighs_more_than_bits_and_is_compared_normalized(store: Store) -> None:
    store.likenesses.keep(
        [
            print_of("number", ((1,), (2,)), (("admission_ticket", "5390 1324"),)),
            print_of("bits", ((11,), (21,)), (("id_number", "53901324"),)),
        ]
    )
    asking = print_of("new", ((11,), (21,)), (("admission_ticket", "５３９０1324"),))
    assert found(store, asking) == [digest_of("number"), digest_of("bits")]


def test_a_print_is_kept_once_and_compared_once(store: Store) -> None:
    item = print_of("a", ((11,),))
    assert store.likenesses.keep([item, item]) == 1
    assert store.likenesses.keep([item]) == 0
    assert store.likenesses.not_compared([digest_of("a"), digest_of("b")]) == (item,)
    store.likenesses.note_same(digest_of("a"), [])
    assert store.likenesses.not_compared([digest_of("a")]) == ()


def test_a_key_that_too_many_share_gives_the_newest_only(store: Store) -> None:
    crowd = [print_of(f"p{number}", ((11,),)) for number in range(MOST_PER_KEY + 20)]
    store.likenesses.keep(crowd)
    store.likenesses.keep([print_of("same", ((11,), (5,)))])
    store.likenesses.keep([print_of("new", ((11,), (5,)))])
    answer = found(store, print_of("asking", ((11,), (5,))))
    assert len(answer) == MOST_CANDIDATES
    assert answer[:2] == [digest_of("new"), digest_of("same")]


def test_identity_numbers_are_no_keys_of_the_index(store: Store) -> None:
    """Keys are keyed hashes: another installation makes others of the same number."""
    from sqlalchemy import select

    from store.schema import print_keys

    store.likenesses.keep([print_of("a", (), (("id_number", "99000019900101001X"),))])
    with store.database.reading() as connection:
        (key,) = connection.scalars(select(print_keys.c.key))
    assert key < 0
    store.likenesses._key = b"another" * 5
    assert found(store, print_of("b", (), (("id_number", "99000019900101001X"),))) == []


def test_pairs_link_applications_of_different_batches_from_both_sides(
    store: Store, open_again: Callable[[], Store]
) -> None:
    store.batches.register(make_input(make_submission("1001", ("a",), "99000019900101001X")))
    autumn = make_input(
        make_submission("2001", ("b",)),
        make_submission("2002", ("c",), "99000019900101001x"),
        batch=make_batch("autumn"),
    )
    store.batches.register(autumn)
    store.likenesses.note_same(digest_of("b"), [digest_of("a")])
    store.likenesses.note_same(digest_of("c"), [digest_of("a"), digest_of("a")])
    store.likenesses.note_same(digest_of("a"), [digest_of("b")])
    again = open_again()
    uses = again.prior_uses.of("spring", "1001")
    assert [(use.kind, use.student_number, use.same_person) for use in uses] == [
        ("picture", "2001", False),
        ("picture", "2002", True),
    ]
    (use,) = again.prior_uses.of("autumn", "2001")
    assert (use.kind, use.batch_id, use.student_number) == ("picture", "spring", "1001")


def test_one_person_with_two_scores_in_one_examination_is_seen_from_both(store: Store) -> None:
    person = "99000019900101001X"
    store.batches.register(make_input(make_submission("1001", ("a",), person)))
    autumn = make_batch("autumn")
    store.batches.register(
        make_input(
            make_submission("2001", ("b",), person),
            make_submission("2002", ("c",), "99000019900101002X"),
            batch=autumn,
        )
    )
    ids = {
        number: store.batches.find(batch, number).id
        for batch, number in (("spring", "1001"), ("autumn", "2001"), ("autumn", "2002"))
    }
    result = PrintedResult(certificate_type="cet4", month="2021-12", score="431")
    better = dataclasses.replace(result, score="531")
    store.readings.keep_results({ids["1001"]: [result], ids["2001"]: [better, better]})
    store.readings.keep_results({ids["2002"]: [better]})
    (use,) = store.prior_uses.of("spring", "1001")
    assert (use.kind, use.student_number, use.same_person) == ("score", "2001", True)
    assert store.prior_uses.of("autumn", "2001")[0].student_number == "1001"
    assert store.prior_uses.of("autumn", "2002") == ()
    # Another sitting may well have another score; the same one is no contradiction.
    later = dataclasses.replace(better, month="2022-06")
    store.readings.keep_results({ids["2001"]: [result, later]})
    assert store.prior_uses.of("spring", "1001") == ()


def test_alerts_about_sealed_results_are_logged_once_on_both_sides(store: Store) -> None:
    sealed, user = ("spring", "1001"), ("autumn", "2001")
    assert store.runs.alert(sealed=sealed, user=user, kind="picture")
    assert not store.runs.alert(sealed=sealed, user=user, kind="picture")
    assert store.runs.alert(sealed=sealed, user=user, kind="number")
    assert [(one.use, one.other_student, one.is_sealed) for one in store.runs.alerts("spring")] == [
        ("picture", "2001", True),
        ("number", "2001", True),
    ]
    assert [(one.student_number, one.is_sealed) for one in store.runs.alerts("autumn")] == [
        ("2001", False),
        ("2001", False),
    ]
    assert store.events.verify() is None
