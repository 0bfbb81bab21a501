"""Which box of a plan is which, after an editor has put some in, taken some out or changed their places."""

from collections.abc import Mapping, Sequence


def fields_of(boxes: Sequence[str], written: Mapping[int, str]) -> list[int]:
    """Return under which number each box is kept. written: the words that stood over what is kept, by number.

    What somebody wrote stays under the words that it answered, wherever they stand now. Where nothing tells otherwise
    a box is kept by its place, counted from 1: so one in other words keeps what stood there.
    """
    found = {place: place for place, words in enumerate(boxes, start=1) if written.get(place) == words}
    for place, words in enumerate(boxes, start=1):
        if place not in found:
            same = (number for number in sorted(written) if written[number] == words and number not in found.values())
            if number := next(same, 0):
                found[place] = number
    taken, free = set(found.values()), max((len(boxes), *written)) + 1
    for place in range(1, len(boxes) + 1):
        if place not in found and place in taken:
            found[place], free = free, free + 1
    return [found.get(place, place) for place in range(1, len(boxes) + 1)]
