"""Linking, reading side by side and ending it, as two people see it whose browsers run no scripts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from lms.courses import operations as courses
from lms.outbox.models import Message
from lms.partners.models import PartnerAsk, PartnerLink
from tests.certificates.reading import words
from tests.courses.browsing import form_to, title
from tests.courses.test_costs import statements
from tests.courses.written import Written, address
from tests.factories.accounts import PersonFactory
from tests.factories.cms import SiteTree
from tests.factories.courses import BEFORE
from tests.factories.together import BothHereFactory, linked

pytestmark = pytest.mark.django_db
PAGE, HOME = reverse("partners:together"), "/my/"
ROOF = {"ask": 6, "make_code": 20, "use_code": 10}  # how often somebody may do each


def browser_of(name, course=None):
    """The browser of somebody on ``course``, if one is said."""
    browser = Client()
    browser.person = PersonFactory(display_name=name)
    if course:
        courses.enrol(person=browser.person, course=course, now=BEFORE)
    browser.force_login(browser.person)
    return browser


def press(browser, page, ending, **sent):
    """Send the first form of ``page`` whose address ends like this, and follow where it leads."""
    action, fields = form_to(browser.get(page), ending)
    return browser.post(action, {**fields, **sent}, follow=True)


def waiting(browser, page=HOME):
    """The addresses at which the browser's owner says yes or no to what their partner says."""
    return list(dict.fromkeys(re.findall(r"/my/together/read/[^/]+/", browser.get(page).content.decode())))


def says_yes(browser, page=HOME):
    return press(browser, page, waiting(browser, page)[0], yes="1")


def pair(one, other):
    """The one makes a code and reads it out, the other types it."""
    code = re.search(r"\b[A-Z0-9]{5} [A-Z0-9]{5}\b", words(press(one, PAGE, "/together/code/")))[0]
    return press(other, PAGE, "/code/use/", typed=code.lower())


def test_two_pair_read_unpair_and_pair_again():
    written = Written(lessons=2)
    dan, priya = browser_of("Dan", written.course), browser_of("Priya", written.course)
    lesson = address(written.plain)
    assert "both here" not in words(dan.get(lesson))
    assert "You're linked with Dan" in words(pair(dan, priya))
    said = words(press(dan, lesson, "/both-here/"))
    assert "Marked as read for you. Your partner says so for themself" in said
    assert "Dan says you read it together" in words(priya.get(HOME))
    assert dan.post(waiting(priya, PAGE)[0], {"yes": "1"}).status_code == 404  # it is hers to say
    assert "Marked as read for you." in words(says_yes(priya))
    assert not waiting(priya)

    press(dan, address(written.hard), "/both-here/")
    before = Message.objects.count()
    assert "Nobody was told." in words(press(priya, PAGE, "/end/"))
    for browser in (dan, priya):
        assert "linked with" not in words(browser.get(HOME)) + words(browser.get(PAGE))
        assert "both here" not in words(browser.get(lesson))
        assert not waiting(browser)
    assert Message.objects.count() == before
    assert "You're linked with Priya" in words(pair(priya, dan))
    assert not waiting(priya)  # what waited is gone for good


def test_an_ask_by_letter_waits_on_the_page_of_the_other():
    SiteTree()
    dan, priya = browser_of("Dan"), browser_of("Priya")
    said = words(press(dan, PAGE, "/ask/", address=priya.person.email))
    assert said == words(press(browser_of("Sam"), PAGE, "/ask/", address="nobody@example.org"))
    assert "Somebody has a question for you" in words(priya.get(HOME))
    assert "Dan asks to be linked with you" in words(priya.get(PAGE))
    ask = PartnerAsk.objects.owned_by(dan.person).get()
    answer = reverse("partners:answer", args=[ask.uuid])
    assert "has run out" in words(browser_of("Eve").post(answer, {"yes": "1"}, follow=True))
    priya.post(answer)  # neither yes nor no
    assert "You're linked with Dan" in words(priya.post(answer, {"yes": "1"}, follow=True))
    assert "Priya" in words(dan.get(HOME))


def test_declining_and_taking_back_by_the_page():
    SiteTree()
    dan, priya = browser_of("Dan"), browser_of("Priya")
    press(dan, PAGE, "/ask/", address=priya.person.email)
    before = words(dan.get(PAGE))
    ask = PartnerAsk.objects.owned_by(dan.person).get()
    assert "They aren't told." in words(
        priya.post(reverse("partners:answer", args=[ask.uuid]), {"no": "1"}, follow=True)
    )
    assert "Dan" not in words(priya.get(PAGE))
    assert words(dan.get(PAGE)) == before
    assert "You've asked" not in words(press(dan, PAGE, "/take-back/"))


@pytest.mark.parametrize(
    ("ending", "name", "typed", "problem"),
    [
        ("/ask/", "address", "", "Add your partner's e-mail"),
        ("/ask/", "address", "x" * 250 + "@example.org", "254"),
        ("/code/use/", "typed", "<b>\u202eb😀</b>", "doesn't work"),
        ("/code/use/", "typed", "9" * 41, "ten letters"),
    ],
    ids=["no-address", "long-address", "odd-code", "long-code"],
)
def test_what_cannot_be_taken_is_kept_and_said_kindly(ending, name, typed, problem):
    SiteTree()
    browser = browser_of("Dan")
    answer = press(browser, PAGE, ending, **{name: typed})
    assert answer.status_code == 422
    assert problem in words(answer)
    assert "1 thing" in words(answer) or "One thing" in words(answer)
    assert not PartnerLink.objects.unscoped(because="a test").exists()


def test_asking_and_guessing_have_an_end():
    SiteTree()
    for deed, most in ROOF.items():
        browser, where = browser_of("Dan"), reverse(f"partners:{deed}")
        typed = {"address": "dan", "typed": "BBBBB BBBBB"}
        tries = [browser.post(where, typed).status_code for _ in range(most + 1)]
        assert (429 in tries[:-1], tries[-1]) == (False, 429), deed


def test_who_is_not_on_the_course_is_led_to_where_they_can_join():
    written = Written()
    priya = browser_of("Priya")
    BothHereFactory(reader=priya.person, course=written.course, lesson=written.plain.identity)
    answer = says_yes(priya)
    assert answer.redirect_chain[-1][0] == reverse("courses:course", args=[written.course.slug])
    assert "You're not on this course yourself yet." in words(answer)
    courses.enrol(person=priya.person, course=written.course, now=BEFORE)
    assert "Marked as read for you." in words(says_yes(priya))


def test_a_lesson_that_is_gone_leaves_the_list_kindly():
    SiteTree()
    priya = browser_of("Priya")
    mark = BothHereFactory(reader=priya.person)
    courses.enrol(person=priya.person, course=mark.course, now=BEFORE)
    assert "isn't in this course any more" in words(says_yes(priya))


def test_it_costs_one_query_on_a_lesson_and_the_same_at_home_however_much_waits():
    written = Written()
    dan, priya = browser_of("Dan", written.course), browser_of("Priya", written.course)
    lesson = address(written.plain)
    dan.get(lesson)
    alone = len(statements(lambda: dan.get(lesson))[1])
    link = linked(dan.person, priya.person)
    priya.get(HOME)
    assert len(statements(lambda: dan.get(lesson))[1]) == alone
    counts = []
    for many in (1, 5):
        BothHereFactory.create_batch(many, link=link, course=written.course)
        counts.append(len(statements(lambda: priya.get(HOME))[1]))
    assert counts[0] == counts[1]


def test_the_page_is_neutral_and_says_how_to_end_it_in_silence():
    SiteTree()
    dan, priya = browser_of("Dan"), browser_of("Priya")
    linked(dan.person, priya.person)
    answer = priya.get(PAGE)
    assert title(answer) == "Reading together "
    assert "It ends at once and in silence" in words(answer)
    assert "no-store" in answer["Cache-Control"]
    assert 'href="/my/together/"' in priya.get(reverse("accounts:preferences")).content.decode()
