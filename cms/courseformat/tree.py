"""Walking the folders: which file is what, and what has no place there."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid5

from cms.courseformat import kinds, packagefiles
from cms.courseformat.bodies import Keys, Reader, own_id
from cms.courseformat.entries import OURS, Entry, Library
from cms.courseformat.markdown import plain
from cms.courseformat.problems import Place, Problems
from cms.courseformat.source import Source, inside, read_source

FOLDERS = {
    "topics": ("topic", kinds.topic),
    "trainers": ("trainer", kinds.trainer),
    "facts": ("fact", kinds.fact),
    "contacts": ("contact", kinds.contact),
    "pages": ("page", kinds.page),
    "cards": ("card", kinds.card),
    "self-checks": ("self-check", kinds.self_check),
    "packages": ("package", packagefiles.package),
}
SHORT = frozenset({"topic", "trainer", "fact", "contact"})  # kinds whose names the site keeps in LONGEST_SHORT
LONGEST_SHORT = 50  # characters
BODIES = frozenset({"page", "workshop", "course", "lesson"})
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"^\d+-")
_LOOSE = frozenset({"README.md", "media"})
MOST_FILES = 5_000

Fill = Callable[[kinds.Reading], None]


class Walk:
    """One reading of a folder."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self.root = root
        self.problems = problems
        self.library = Library(is_whole=False)
        self.courses = Keys(uuid5(OURS, "course"))
        self.workshops = Keys(uuid5(OURS, "workshop"))
        self.count = 0

    def place(self, path: Path) -> Place:
        """Where problems of this file are noted."""
        return Place(path.relative_to(self.root).as_posix() or ".", self.problems)

    def names(self, folder: Path) -> Iterator[Path]:
        """What a folder holds, in the order of names, without what editors and systems leave behind."""
        if not inside(self.root, folder):
            self.place(folder).wrong(1, "this is a link that leads out of the folder: put the folder itself here")
            return
        for path in sorted(folder.iterdir()):
            self.count += 1
            if self.count > MOST_FILES:
                raise TooMany
            if not path.name.startswith((".", "~")) and not path.name.endswith("~") and path.name not in _LOOSE:
                yield path

    def stray(self, path: Path, words: str) -> None:
        """Note a file or folder that nobody would read."""
        self.place(path).wrong(1, words)


class TooMany(Exception):
    """There are more files than anybody writes: this is another folder than was meant."""


def read(root: Path, problems: Problems) -> Library:
    """Read a whole tree, or one folder of a course or a workshop, noting everything that is not right in it."""
    walk = Walk(root, problems)
    try:
        if (root / "course.md").is_file():
            _course(walk, root)
        elif (root / "workshop.md").is_file():
            _workshop(walk, root)
        else:
            walk.library.is_whole = True
            _whole(walk)
    except TooMany:
        problems.add(".", 1, f"there are more than {MOST_FILES} files here: is this the folder that was meant?")
    return walk.library


def _whole(walk: Walk) -> None:
    known = {**dict.fromkeys(FOLDERS, _shelf), "workshops": _each(_workshop), "courses": _each(_course)}
    folders = {path.name: path for path in walk.names(walk.root)}
    for name, path in folders.items():
        if name not in known or not path.is_dir():
            walk.stray(path, f"only these folders have a place here: {', '.join(known)}")
    if not folders:
        walk.problems.add(".", 1, "there is nothing to read in this folder")
    for name, read_folder in known.items():
        if name in folders and folders[name].is_dir():
            read_folder(walk, folders[name])


def _each(read_one: Callable[[Walk, Path], None]) -> Callable[[Walk, Path], None]:
    def read_all(walk: Walk, folder: Path) -> None:
        for path in walk.names(folder):
            if path.is_dir():
                read_one(walk, path)
            else:
                walk.stray(path, "only folders have a place here")

    return read_all


def _shelf(walk: Walk, folder: Path) -> None:
    kind, fill = FOLDERS[folder.name]
    for path in walk.names(folder):
        if path.suffix != ".md" or path.is_dir():
            walk.stray(path, 'only files that end in ".md" have a place here')
        else:
            entry = Entry(kind, path.stem, walk.place(path).path, identity=uuid5(OURS, f"{kind}:{path.stem}"))
            walk.library.entries.append(_filled(walk, entry, path, fill))


def _workshop(walk: Walk, folder: Path) -> None:
    for path in walk.names(folder):
        if path.name != "workshop.md":
            walk.stray(path, "only workshop.md and the folder media/ have a place here")
    path = folder / "workshop.md"
    entry = Entry("workshop", folder.name, walk.place(path).path)
    walk.library.entries.append(_filled(walk, entry, path, kinds.workshop, keys=walk.workshops))


def _course(walk: Walk, folder: Path) -> None:
    path = folder / "course.md"
    course = Entry("course", folder.name, walk.place(path).path)
    walk.library.entries.append(_filled(walk, course, path, kinds.course, keys=walk.courses))
    keys = Keys(course.identity or OURS)
    for path in walk.names(folder):
        if path.is_dir():
            course.children.append(_module(walk, path, keys))
        elif path.name != "course.md":
            walk.stray(path, "only course.md and folders of modules have a place here")
    _no_twins(walk, course.children)


def _module(walk: Walk, folder: Path, keys: Keys) -> Entry:
    slug = _slug(walk, folder, folder.name)
    path = folder / "module.md"
    module = Entry("module", slug, walk.place(path).path, identity=uuid5(keys.home, f"module:{slug}"))
    _filled(walk, module, path, kinds.module)
    for path in walk.names(folder):
        if path.suffix != ".md" or path.is_dir():
            walk.stray(path, 'only files that end in ".md" and the folder media/ have a place here')
        elif path.name != "module.md":
            lesson = Entry("lesson", _slug(walk, path, path.stem), walk.place(path).path)
            module.children.append(_filled(walk, lesson, path, kinds.lesson, keys=keys))
    if not module.children:
        walk.stray(folder, "the module has no lesson")
    _no_twins(walk, module.children)
    return module


def _slug(walk: Walk, path: Path, name: str) -> str:
    slug = _NUMBER.sub("", name)
    if slug == name:
        walk.stray(path, "the name must begin with a number, like 01-, that says where it comes")
    return slug


def _no_twins(walk: Walk, entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.slug in seen:
            words = f'"{entry.slug}" is there twice: names must differ in more than their number'
            walk.problems.add(entry.path, 1, words)
        seen.add(entry.slug)


def _filled(walk: Walk, entry: Entry, path: Path, fill: Fill, *, keys: Keys | None = None) -> Entry:
    """Read a file into its entry. keys: the file has a key among these, and its identity comes from that."""
    place = walk.place(path)
    if not _NAME.fullmatch(entry.slug):
        place.wrong(1, "the name may only have small letters, digits and dashes")
    if entry.kind in SHORT and len(entry.slug) > LONGEST_SHORT:
        place.wrong(1, f"the name has room for {LONGEST_SHORT} characters")
    source = read_source(walk.root, path, place)
    if source is None:
        return entry
    if keys:
        _identify(entry, source, place, keys)
    reading = kinds.Reading(source.front, entry, place, walk.library.references, path.parent)
    if entry.kind in BODIES and not (entry.kind == "page" and entry.slug in kinds.SHELVES):
        lesson_keys = keys if entry.kind == "lesson" else None
        entry.body = Reader(entry, place, path.parent, walk.library.references, lesson_keys).read(source.body)
    else:
        reading.text = plain(source.body)
    fill(reading)
    source.front.finish()
    return entry


def _identify(entry: Entry, source: Source, place: Place, keys: Keys) -> None:
    front = source.front
    entry.key = front.text("key", most=40)
    given = own_id(front.text("id", most=36, required=False), front.line("id"), place)
    taken = keys.take(entry.key, front.line("key"), place) if entry.key else None
    entry.identity = given or taken
