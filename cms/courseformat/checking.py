"""What only shows when all files are known: that everything a file names is there."""

from collections.abc import Container, Mapping

from cms.courseformat.entries import Entry, Library, Reference
from cms.courseformat.problems import Problems
from cms.soundness import in_a_circle

WORDS = {
    "topic": "topic",
    "trainer": "trainer",
    "fact": "dated fact",
    "contact": "contact line",
    "course": "course",
    "workshop": "workshop",
    "deeper": "workshop, course or lesson",
    "package": "package in this course, or ready at the desk, with the identity",
}

Known = Mapping[str, Container[str]]


def names_in(library: Library) -> dict[str, set[str]]:
    """What the files bring with them, by kind; lessons as ``course-slug/lesson-key`` under "deeper"."""
    names: dict[str, set[str]] = {kind: {entry.slug for entry in library.of(kind)} for kind in WORDS}
    names["deeper"] = names["course"] | names["workshop"]
    for course in library.of("course"):
        names["deeper"] |= {f"{course.slug}/{lesson.key}" for lesson in _lessons(course)}
    return names


def _lessons(course: Entry) -> list[Entry]:
    return [lesson for module in course.children for lesson in module.children]


def check(library: Library, on_the_site: Known, problems: Problems) -> None:
    """Note what is named and neither among the files nor already on the site."""
    here = names_in(library)
    for reference in library.references:
        if reference.slug not in here[reference.kind] and reference.slug not in on_the_site.get(reference.kind, ()):
            problems.add(reference.path, reference.line, _missing(reference))
    _check_circles(library, problems)


def check_packages(library: Library, on_the_site: Known, problems: Problems) -> None:
    """Note packages that the files bring and the site has not: only a course that was shared may bring one in."""
    for entry in library.of("package"):
        if entry.slug not in on_the_site.get("package", ()):
            problems.add(entry.path, 1, "bring this package in at the desk first, or the course as one file")


def _check_circles(library: Library, problems: Problems) -> None:
    """Note courses that wait for each other: nobody could begin any of them."""
    ways = {course.slug: course.links.get("after", []) for course in library.of("course")}
    circle = in_a_circle(ways)
    for course in library.of("course"):
        if course.slug in circle:
            problems.add(course.path, 1, '"after" leads in a circle: these courses would wait for each other')


def _missing(reference: Reference) -> str:
    return f'there is no {WORDS[reference.kind]} "{reference.slug}"'
