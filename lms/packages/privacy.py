"""What packages hold of a person."""

from lms.common.register import Holding

HOLDINGS = [
    Holding(
        model="packages.Attempt",
        what="Packages you opened in a lesson, and when they were done",
        kept="Until you delete your account.",
        on_erase="Deleted.",
        owner=("person",),
        shown=("version__package__title", "begun_at", "done_at"),
    ),
    Holding(
        model="packages.PartState",
        what="What a package keeps of you, so that you can carry on: bookmark, answers, points, time",
        kept="Until you delete your account.",
        on_erase="Deleted.",
        owner=("attempt__person",),
        shown=("part", "state", "is_complete", "is_passed", "score", "seconds", "updated_at"),
    ),
    Holding(
        model="packages.Package",
        what="Your name beside packages you brought in",
        kept="As long as the package.",
        on_erase="The package stays. Your name is taken off it.",
    ),
    Holding(
        model="packages.Version",
        what="Your name beside versions of packages you brought in",
        kept="As long as the package.",
        on_erase="The version stays. Your name is taken off it.",
    ),
]
