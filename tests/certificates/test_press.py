"""The press: a process of its own, limited, that a worker feeds, and that cannot take the worker down."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from weasyprint.urls import FatalURLFetchingError

from lms.certificates import pdf, renderer, tasks
from lms.certificates.models import MOST_ATTEMPTS, Award
from lms.certificates.press import Press, RenderFailed
from lms.certificates.typesetting import order
from lms.certificates.wire import Drawn, Order
from tests.certificates.papers import paper_award
from tests.factories.certificates import AwardFactory

ROOT = Path(__file__).resolve().parents[2]
SLOW = "<table>" + "<tr><td>x<td>y" * 40_000 + "</table>"
TWO_PAGES = "<p>one<p style='page-break-before: always'>two"


@pytest.fixture
def press():
    made = Press()
    yield made
    made.close()


def in_another_python(script):
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.strip().splitlines()[-1:], answer.stderr


# --- One process for many certificates -----------------------------------------------------------------------------


def test_one_press_serves_many_certificates_and_does_not_grow(press):
    def kilobytes():
        status = Path(f"/proc/{press.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    first = press.draw(order(paper_award())).pdf
    process = press.pid
    for _ in range(20):
        press.draw(order(paper_award()))
    before = kilobytes()
    for _ in range(30):
        assert press.draw(order(paper_award())).pdf == first
    assert press.pid == process
    assert kilobytes() - before < 5_000
    assert kilobytes() < 220_000


def test_after_its_time_another_one_takes_over():
    press = Press(life=2)
    try:
        press.draw(order(paper_award()))
        first = press.pid
        press.draw(order(paper_award()))
        assert press.pid is None
        press.draw(order(paper_award()))
        assert press.pid not in {first, None}
    finally:
        press.close()


def test_a_press_that_was_killed_is_replaced(press):
    press.draw(order(paper_award()))
    killed = press.pid
    os.kill(killed, signal.SIGKILL)
    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)  # another's end, left lying by a neighbour, is not this one's
    assert press.draw(order(paper_award())).pdf.startswith(b"%PDF")


def test_a_press_that_came_along_in_a_fork_is_left_to_its_owner(press):
    press.draw(order(paper_award()))
    first = press.pid
    press._owner += 1  # as in a child of this process
    assert press.pid is None
    press._owner -= 1
    assert press.pid == first


# --- Limits --------------------------------------------------------------------------------------------------------


def test_what_takes_too_long_is_ended_and_the_next_one_finds_another_press():
    press = Press(seconds=1)
    try:
        with pytest.raises(RenderFailed):
            press.draw(Order(page=SLOW, address="x"))
        assert press.pid is None
        press._seconds = 20
        assert press.draw(order(paper_award())).pdf
    finally:
        press.close()


def test_what_takes_too_much_memory_is_a_fault_and_no_more(press):
    vast = io.BytesIO()
    Image.new("1", (9000, 9000)).save(vast, "PNG")  # ten kilobytes here, hundreds of megabytes once unpacked
    files = {"vast": ("image/png", vast.getvalue())}
    with pytest.raises(RenderFailed):
        press.draw(Order(page="<img src=vast>", address="x", files=files))
    assert press.draw(order(paper_award())).pdf


def test_two_pages_are_refused(press):
    with pytest.raises(RenderFailed, match="ValueError"):
        press.draw(Order(page=TWO_PAGES, address="x"))


def test_a_page_that_asks_for_a_file_stops_the_press_and_not_the_worker(press):
    with pytest.raises(RenderFailed, match="FatalURLFetchingError"):
        press.draw(Order(page="<link rel=stylesheet href='file:///etc/hostname'>", address="x"))
    assert press.draw(order(paper_award())).pdf


@pytest.mark.parametrize("fault", [FatalURLFetchingError("somewhere"), MemoryError(), RecursionError(), SystemExit()])
def test_any_fault_of_the_engine_comes_back_as_words(monkeypatch, fault):
    def give_up(*args):
        raise fault

    monkeypatch.setattr(pdf, "draw", give_up)
    assert renderer.answer(Order(page="", address=""), None).words == {"fault": type(fault).__name__}


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.socket().bind(('127.0.0.1', 0))",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
    ],
)
def test_the_press_reaches_no_network_and_starts_nothing(deed):
    script = f"from lms.certificates.renderer import close_doors; close_doors()\n{deed}\nprint('done')"
    printed, fault = in_another_python(script)
    assert printed == []
    assert "PermissionError" in fault


def test_the_press_knows_no_django_and_no_secret(press):
    script = (
        "from lms.certificates import renderer; import sys; print('django' in sys.modules, 'pyhanko' in sys.modules)"
    )
    assert in_another_python(script)[0] == ["False False"]
    press.draw(order(paper_award()))
    told = Path(f"/proc/{press.pid}/environ").read_bytes()
    assert b"DATABASE_URL" not in told
    assert b"SECRET" not in told


def test_no_web_process_ever_loads_the_engine():
    script = (
        "import sys, django; django.setup();"
        "from django.test import Client;"
        "Client(raise_request_exception=False).get('/verify/');"  # whatever it answers without a database
        "from lms.certificates import views, desk, checking, tasks, operations, receivers, jobs, typesetting, press;"
        "engines = ('weasyprint', 'pydyf', 'segno', 'pyhanko');"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in engines))"
    )
    assert in_another_python(script)[0] == ["[]"]


# --- In the worker -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_worker_makes_it_keeps_it_and_notes_its_hash(shelf_of_files):
    award = AwardFactory()
    assert tasks.render_award(award_id=award.pk) == "made"
    award.refresh_from_db()
    kept = (shelf_of_files / award.pdf).read_bytes()
    assert kept.startswith(b"%PDF-1.7")
    assert hashlib.sha256(kept).hexdigest() == award.pdf_sha256
    assert award.qr
    assert award.render_attempts == 1


@pytest.mark.django_db
def test_made_twice_it_is_the_same_file(shelf_of_files):
    award = AwardFactory()
    tasks.render_award(award_id=award.pk)
    award.refresh_from_db()
    before = (award.pdf, award.pdf_sha256)
    assert tasks.render_award(award_id=award.pk) == "nothing to make"
    Award.objects.owned_by(award.person).update(pdf="")
    tasks.render_award(award_id=award.pk)
    award.refresh_from_db()
    assert (award.pdf, award.pdf_sha256) == before
    assert len(list(shelf_of_files.glob("certificates/*"))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["waiting", "suspended", "replaced", "withdrawn"])
def test_what_is_not_valid_is_not_made(shelf_of_files, state):
    award = AwardFactory(state=state)
    assert tasks.render_award(award_id=award.pk) == "nothing to make"


class Jammed:
    """A press that each certificate breaks."""

    def draw(self, order: Order) -> Drawn:
        raise RenderFailed("the press broke down")


@pytest.mark.django_db
def test_a_certificate_that_breaks_the_press_is_not_tried_for_ever(shelf_of_files, monkeypatch):
    award = AwardFactory()
    monkeypatch.setattr(tasks, "press", Jammed())
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RenderFailed):
            tasks.render_award(award_id=award.pk)
    assert tasks.render_award(award_id=award.pk) == "nothing to make"
    award.refresh_from_db()
    assert award.is_given_up
