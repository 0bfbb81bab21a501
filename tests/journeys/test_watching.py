"""A film in a lesson: what is jumped over does not count, and another device carries on where this one stopped."""

from playwright.sync_api import expect

from tests.journeys.walk import whole

LESSON = "/courses/telling-the-story/words-that-work/the-why-years/"
PLAY = "film => { film.muted = true; film.playbackRate = 8; return film.play() }"
AT = "film => film.currentTime"


def film_on(walk):
    walk.go(LESSON)
    film = walk.page.locator("figure.video video")
    expect(film).to_have_js_property("readyState", 4)
    return film


def test_a_film_counts_by_what_was_watched_and_carries_on_elsewhere(walk):
    desk = walk("desk")
    desk.sign_in("adopter")
    desk.go("/courses/telling-the-story/")
    join = desk.page.get_by_role("button", name=whole("Join this course"))
    if join.is_visible():
        join.click()
        desk.page.wait_for_url("**/telling-the-story/*/**")
    film = film_on(desk)
    film.evaluate(PLAY)
    desk.page.wait_for_function("() => document.querySelector('video').currentTime > 4")
    film.evaluate("film => { film.currentTime = 12 }")
    desk.page.wait_for_function("() => document.querySelector('video').currentTime > 14")
    with desk.page.expect_response(lambda answer: answer.url.endswith("/watch/")):
        film.evaluate("film => film.pause()")
    stopped = film.evaluate(AT)
    figure = desk.page.locator("figure.video")
    expect(figure.get_by_role("status")).to_contain_text("Done when you've watched most of it")
    phone = walk("phone", phone=True)
    phone.sign_in("adopter")
    again = film_on(phone)
    expect(phone.page.locator("figure.video")).to_contain_text("Carry on from 0:1")
    assert abs(again.evaluate(AT) - stopped) < 2
    again.evaluate("film => { film.currentTime = 0 }")
    again.evaluate(PLAY)
    expect(phone.page.locator("figure.video").get_by_role("status")).to_contain_text("Done.", timeout=20_000)
    quiet = walk("quiet", javascript=False)
    quiet.sign_in("adopter")
    quiet.go(LESSON)
    expect(quiet.page.locator("figure.video").get_by_role("status")).to_contain_text("Done.")
