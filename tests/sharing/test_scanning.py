"""The virus check: what it finds does not come in, and while it is away nothing does."""

import socket
import struct
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.forms import looked_through
from lms.common import scanning
from lms.packages import tasks as packages
from lms.packages.models import Version
from lms.sharing import tasks
from lms.sharing.models import Arrival, ArrivalState
from tests.factories.agencies import AgencyFactory
from tests.factories.packages import package_of
from tests.factories.sharing import ArrivalFactory

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 100_000


class Scanner:
    """Speaks as clamd does: takes a stream, finds EICAR in it, and refuses what is too long."""

    def __init__(self, path):
        self.path, self.heard = str(path), []
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(self.path)
        self.door.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!L", said.read(4))[0]:
                    data += said.read(size)
                self.heard.append(data)
                answer = b"stream: Eicar FOUND" if EICAR in data else b"stream: OK"
                line.sendall((b"INSTREAM size limit exceeded. ERROR" if len(data) > MOST else answer) + b"\0")

    def close(self):
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join()


@pytest.fixture
def scanner(tmp_path, settings):
    scanner = Scanner(tmp_path / "clamd.sock")
    settings.LMS_CLAMD_SOCKET = scanner.path
    yield scanner
    scanner.close()


def test_all_of_a_file_is_looked_at_and_left_as_it_was(scanner):
    file = SimpleUploadedFile("a.pdf", b"x" * 70_000)
    scanning.look_through(file)
    assert scanner.heard == [b"x" * 70_000]
    assert file.read() == b"x" * 70_000
    for data, words in ((b"x" + EICAR, "harmful"), (b"x" * (MOST + 1), "larger than our virus check")):
        with pytest.raises(scanning.Harmful, match=words):
            scanning.look_through(SimpleUploadedFile("a.pdf", data))


def test_nothing_comes_in_while_it_is_away_and_everything_goes_on_when_it_is_back(scanner, settings):
    settings.LMS_CLAMD_SOCKET = f"{scanner.path}.gone"
    arrival, package = ArrivalFactory(), package_of(agency=AgencyFactory())
    for _ in range(5):
        tasks.look(arrival_id=arrival.pk)
        packages.unpack(version_id=package.versions.get().pk)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.waits_for_scanner) == (ArrivalState.LOOKING, True)
    assert (Version.objects.get().state, Version.objects.get().refusal) == ("waiting", scanning.WAITS)
    with pytest.raises(Exception, match="isn't answering"):
        looked_through(SimpleUploadedFile("a.pdf", b"x"))
    settings.LMS_CLAMD_SOCKET = scanner.path
    tasks.wake()
    tasks.look(arrival_id=arrival.pk)
    packages.unpack(version_id=package.versions.get().pk)
    assert Arrival.objects.unscoped(because="a test").get().state == ArrivalState.READY
    assert (Version.objects.get().state, Version.objects.get().refusal) == ("ready", "")


def test_what_it_finds_is_refused_everywhere(scanner, tmp_path):
    harmful = tmp_path / "uploads" / "harmful.zip"
    harmful.parent.mkdir(exist_ok=True)
    harmful.write_bytes(EICAR)
    arrival = ArrivalFactory(upload="uploads/harmful.zip")
    tasks.look(arrival_id=arrival.pk)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.refusal) == (ArrivalState.REFUSED, scanning.FOUND)
    assert not harmful.exists()
    with pytest.raises(Exception, match="harmful"):
        looked_through(SimpleUploadedFile("a.pdf", EICAR))
