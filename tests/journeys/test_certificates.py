"""A manager settles how certificates are given and gives one by hand, Grace looks at it, Priya has it and a badge made,
and a stranger checks the file. Without JavaScript: plain forms all the way.
"""

from playwright.sync_api import expect

from tests.journeys.walk import whole


def test_one_is_given_by_hand_looked_at_made_and_checked(walk):
    manager = walk("manager-gives", javascript=False)
    manager.sign_in("manager")
    manager.follow("Desk")
    manager.follow("How they're given ...")
    manager.page.get_by_label(whole("Each certificate waits until one of us has looked at it")).first.check()
    manager.press("Keep this")
    manager.reads("That's settled")
    _give_by_hand(manager)

    priya = walk("priya-and-her-certificate", phone=True, javascript=False)
    priya.sign_in("adopter")
    priya.go("/my/certificates/")
    priya.reads("Your agency is checking this")

    grace = walk("grace-looks", javascript=False)
    grace.sign_in("coordinator")
    grace.follow("Desk")
    grace.reads("1 certificate waits for a look")
    grace.follow("Look at those that wait ...")
    grace.page.get_by_role("checkbox").first.check()
    grace.press("Give the ticked ones")
    grace.reads("1 given", "Nothing to look at")

    made = _made(priya)
    checker = walk("checker-with-a-file", phone=True, javascript=False)
    checker.go("/verify/")
    checker.page.get_by_text("No code to hand? Check the file").click()
    checker.page.get_by_label(whole("Or send us the PDF")).set_input_files(made)
    checker.press("Check the file")
    checker.reads("This is exactly the file that we made", "This certificate is valid")
    checker.reads_not("Raman")


def _give_by_hand(manager):
    manager.go("/desk/")
    manager.follow("Give one by hand ...")
    manager.type("Their e-mail address", "nobody@hearth.example")
    manager.page.get_by_label(whole("What for?")).select_option(index=1)
    manager.type("Why by hand?", "She did it on paper with us.")
    manager.press("Give it")
    manager.reads("We don't know that address at your agency")
    manager.type("Their e-mail address", "adopter@hearth.example")
    manager.press("Give it")
    manager.reads("The certificate is given")


def _made(priya):
    """Have the paper made, and a badge of it; return where the paper was put."""
    priya.go("/my/certificates/")
    priya.follow("Make this certificate")
    priya.type("How should your name be written?", "Priya Raman-Ellis")
    priya.press("Make my certificate")
    expect(priya.page.get_by_role("link", name=whole("Download PDF"))).to_be_visible(timeout=60_000)
    with priya.page.expect_download() as paper:
        priya.follow("Download PDF")
    priya.follow("Have it as a digital badge too")
    priya.press("Make my badge")
    with priya.page.expect_download() as badge:
        priya.follow("As a picture (PNG)")
    assert badge.value.path().read_bytes().startswith(b"\x89PNG")
    return paper.value.path()
