"""How a reader goes through a lesson: tries what it asks, and goes on."""

from playwright.sync_api import Locator, expect

from tests.journeys.walk import Walk, whole, words

ASK = whole("See what we'd say")
MOST_SCENES = 12


def answer(walk: Walk, option: str) -> Locator:
    """Choose an option of the question it belongs to; return the reply."""
    question = walk.page.get_by_role("region").filter(has=walk.page.get_by_label(words(option)))
    question.get_by_label(words(option)).check()
    question.get_by_role("button").click()
    return question.get_by_role("status")


def finish_lesson(walk: Walk) -> None:
    """Try every question and scene of the lesson that is open, and say that it is read."""
    walk.page.wait_for_load_state()  # what has not come yet would not be counted
    for left in range(walk.page.get_by_role("button", name=ASK).count(), 0, -1):
        _try_first_question(walk)
        expect(walk.page.get_by_role("button", name=ASK)).to_have_count(left - 1)
    for scene in walk.page.get_by_role("region").filter(has_text="Try it out").all():
        _play(scene)
    _read_instead_of_watching(walk)
    here = walk.page.url
    walk.press("I've read this ...")
    expect(walk.page).not_to_have_url(here)  # else the next one is counted on the page that is being left


def _read_instead_of_watching(walk: Walk) -> None:
    films = walk.page.locator("details").filter(has_text="read the transcript")
    for left in range(films.count(), 0, -1):
        films.first.locator("summary").click()
        films.first.get_by_role("button").click()
        expect(films).to_have_count(left - 1)


def _try_first_question(walk: Walk) -> None:
    asking = walk.page.get_by_role("button", name=ASK).first
    question = walk.page.get_by_role("region").filter(has=walk.page.get_by_role("button", name=ASK)).first
    for number, place in enumerate(question.get_by_role("combobox").all(), start=1):
        place.select_option(str(number))
    for choice in question.get_by_role("radio").or_(question.get_by_role("checkbox")).all()[:1]:
        choice.check()
    asking.click()


def _play(scene: Locator) -> None:
    """Take the first way at every turn until a scene comes to an end."""
    again = scene.get_by_role("link", name=whole("Start again ..."))
    for _ in range(MOST_SCENES):
        before = scene.inner_text()
        turn = scene.get_by_role("listitem").first
        turn.get_by_role("link").or_(turn.get_by_role("button")).click()
        expect(scene).not_to_have_text(before, use_inner_text=True)
        if again.is_visible():
            return
    raise AssertionError("the scene comes to no end")
