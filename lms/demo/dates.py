"""The demo's live sessions: fifteen dates over the ten workshops, counted in days from the first start."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoSession:
    """``days`` from today; ``at`` is wall time in London. ``booked`` and ``waiting`` name people by address."""

    workshop: str
    days: int
    at: str = "19:30"
    minutes: int = 0  # 0: as long as the workshop
    runs: str = "trainer"
    agency: str = "fellside"
    kind: str = "workshop"
    eligibility: str = ""
    only_for: str = ""
    publisher: str = ""
    licence_holder: str = ""
    title: str = ""
    weeks: int = 1
    region: str = ""
    venue: str = ""
    capacity: int | None = 14
    captions: bool = False
    interpreter: str = ""
    babies_welcome: bool = False
    cancelled: str = ""
    booked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


ROOM = "https://meet.jit.si/hearth-demo-{number}"
HALL = "Sample Hall, 1 Example Street (the demo's own: it does not exist)"

SKILLS = DemoSession(
    "group-skills-days",
    38,
    "10:00",
    runs="jo",
    weeks=2,
    minutes=180,
    eligibility="people on the group leader pathway",
    only_for="pathway:group-leader",
    region="Northern dales",
    venue=HALL,
    capacity=10,
)

SESSIONS = (
    DemoSession("what-to-tell-when-to-tell", 5, booked=("single", "hannah")),
    DemoSession("what-to-tell-when-to-tell", 19, "10:00", babies_welcome=True),
    DemoSession("educational-transitions", 8, runs="rhys", captions=True, interpreter="British Sign Language"),
    DemoSession("staying-in-touch", 10, booked=("partner",)),
    DemoSession("self-care-for-adopters", 3, "12:15", runs="amina", babies_welcome=True, booked=("dads",)),
    DemoSession("early-trauma-and-brain-development", 12, runs="amina", booked=("dads.two", "hannah")),
    DemoSession(
        "keeping-your-child-safe-online", 14, agency="tidewater", runs="whitlock", booked=("tidewater.adopter",)
    ),
    DemoSession(
        "development-through-play",
        17,
        "10:00",
        runs="jo",
        region="Northern dales",
        venue=HALL,
        capacity=2,
        booked=("single", "dads"),
        waiting=("hannah", "dads.two", "partner"),
    ),
    DemoSession("working-with-school-or-nursery", 21, runs="rhys"),
    DemoSession("introduction-to-therapeutic-parenting", 24, runs="jo"),
    DemoSession("educational-transitions", 27, "10:00", runs="rhys", cancelled="The trainer is unwell. We're sorry."),
    DemoSession(
        "introduction-to-therapeutic-parenting",
        30,
        runs="jo",
        kind="licensed",
        title="Foundations for parents: six evenings",
        weeks=6,
        minutes=120,
        capacity=12,
        eligibility="adoptive parents of children under 12",
        publisher="Example Programmes (the demo's own: it does not exist)",
        licence_holder="Fellside Adoption",
    ),
    DemoSession(
        "self-care-for-adopters",
        33,
        "10:30",
        runs="jo",
        kind="group",
        title="Saturday support group",
        region="Northern dales",
        venue=HALL,
        capacity=10,
    ),
    DemoSession("staying-in-touch", 36, "10:00", runs="trainer"),
    SKILLS,
)

# One that is over, with its register marked: (who, verdict).
PAST = DemoSession("introduction-to-therapeutic-parenting", -20, runs="jo", booked=("leader", "hannah", "single"))
MINUTES_THERE = 84  # in the room, of those who were
WERE_THERE = {"leader": "present", "hannah": "present", "single": "absent"}
