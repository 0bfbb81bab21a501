"""The file of a package that came along with a course, and the zip beside it."""

import hashlib

from cms.courseformat.bodies import own_id
from cms.courseformat.entries import Media
from cms.courseformat.kinds import LONGEST_TITLE, Reading, no_text
from cms.courseformat.mediafiles import PACKAGES, unfit_place
from cms.courseformat.packages import DONE

LARGEST = 200_000_000  # bytes of its zip


def package(read: Reading) -> None:
    """``packages/<identity>.md``: learning made elsewhere, with its zip beside it."""
    front = read.front
    if own_id(read.entry.slug, 1, read.place) is None:
        read.place.wrong(1, "the name must be the identity of the package")
    read.keep(
        title=front.text("title", most=LONGEST_TITLE),
        done=front.one_of("done", DONE),
        pass_mark=front.number("pass_mark", least=0, most=100),
    )
    value = front.text("file", most=100)
    if fault := unfit_place(read.folder, value, PACKAGES, most=LARGEST) if value else "":
        read.place.wrong(front.line("file"), fault)
    elif value:
        path = read.folder / value
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        read.entry.media[digest] = Media(path, read.entry.fields["title"], digest)
    no_text(read)
