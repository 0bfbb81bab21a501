"""Carys trains to lead a support group, and Grace, her link worker, signs a step."""

from playwright.sync_api import expect

from tests.journeys.walk import whole


def test_a_group_leader_in_training_sees_her_way_and_is_signed_off_with_kind_words(walk):
    carys = walk("carys", phone=True)
    carys.sign_in("leader")
    expect(carys.page.get_by_role("heading", name="Group leader", exact=True)).to_be_visible()
    carys.reads("1 of 3 steps done")
    carys.follow("See your pathway")
    carys.arrives_at("Group leader")
    done, now, waiting = "Come to one live workshop", "Finish the group leader course", "A conversation with your"
    step = carys.page.get_by_role("listitem")
    expect(step.filter(has_text=done)).to_contain_text("Done")
    expect(step.filter(has_text=now)).to_contain_text("Next")
    expect(step.filter(has_text=waiting)).to_contain_text("Signed by: Coordinator")
    carys.reads("Your link worker is Grace", "Nobody signs their own")
    carys.see("pathway")

    grace = walk("grace")
    grace.sign_in("coordinator")
    grace.follow("Desk")
    grace.arrives_at("Desk")
    grace.follow("Carys")
    grace.arrives_at("Carys: Group leader")
    grace.see("pathway-of-carys")
    grace.page.get_by_text("Sign this step").click()
    grace.page.get_by_label("Not yet").check()
    grace.press("Sign")
    grace.reads("to check")  # "not yet" without a word of why is no answer
    expect(grace.page.get_by_label("Not yet")).to_be_checked()
    grace.see("not-yet-without-a-word")
    grace.page.get_by_label(whole("Yes, it's met")).check()
    grace.type("A few kind words", "You listened more than you talked. The group is lucky.")
    grace.press("Sign")
    grace.reads("2 of 3 steps done", "Signed by Grace")
    record = grace.page.url
    grace.go("/desk/")
    grace.reads("No step waits for your signature")

    carys.page.reload()
    carys.reads("2 of 3 steps done", "You listened more than you talked. The group is lucky.", "Signed by Grace")
    carys.see("pathway-signed")

    stranger = walk("oluwaseun")
    stranger.sign_in("tidewater")
    answer = stranger.page.goto(record)
    assert answer.status == 404
    assert "Carys" not in stranger.page.content()
    stranger.go("/desk/pathways/")
    stranger.reads_not("Carys")


def test_nobody_else_is_shown_her_way(walk):
    priya = walk("priya")
    priya.sign_in("adopter")
    assert priya.page.goto("/my/pathway/group-leader/").status == 404
    assert priya.page.goto("/desk/pathways/").status == 404
