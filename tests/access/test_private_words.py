"""What people write is theirs: every address is tried by everybody while each answer is searched for all of it.

The search itself is ``tests/canaries.py``; the addresses are opened by the tests beside this one. What is proven here
is that there is something to find, and that it would be found.
"""

from django.urls import reverse

from tests.access.world import told

WRITTEN = {
    "courses.Reflection.body",
    "courses.ItemState.latest",
    "courses.LearningEvent.payload",
    "packages.PartState.state",
    "portfolio.SharedEntry.body",
    "certificates.LogEntry.body",
    "certificates.Statement.body",
    "webinars.Booking.access_needs",
    "consultations.Slot.reason",
}
READ_BY_THEIR_WRITER = ("courses:one_note", "portfolio:workbook", "certificates:pathway_entry")


def _words_of(world, person):
    """Each private text of somebody, by the field it is kept in."""
    found = {}
    for words, canaries in world.private.items():
        for canary in canaries:
            if canary.private.owner(canary.row) == person.pk:
                found.setdefault(f"{canary.private.model}.{canary.private.name}", words)
    return found


def test_both_families_have_written_everywhere_and_never_the_same(world):
    own, foreign = _words_of(world, world.own.adopter), _words_of(world, world.foreign.adopter)
    assert not WRITTEN - own.keys()
    assert not WRITTEN - foreign.keys()
    assert not set(own.values()) & set(foreign.values())


def test_who_wrote_it_reads_it_and_an_answer_to_somebody_else_would_be_noticed(world, canaries):
    adopter, stranger = world.clients["adopter"], world.people["manager"]
    own = _words_of(world, world.own.adopter)
    for name in READ_BY_THEIR_WRITER:
        answer = adopter.get(reverse(name, kwargs=told(name, world.own)))
        assert any(words in answer.text for words in own.values()), name
    assert not canaries.leaks
    for field in WRITTEN:
        canaries.look(own[field], reader=stranger.pk, where=field)
    assert {leak.partition(":")[0] for leak in canaries.leaks} >= WRITTEN - {"webinars.Booking.access_needs"}
    canaries.leaks.clear()
