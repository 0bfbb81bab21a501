"""The people and agencies of the demo. All invented; addresses end in ``.example``, numbers are for drama."""

from dataclasses import dataclass, field

PASSWORD = "a-warm-hearth-tonight"  # noqa: S105 - printed at every start of the demo, and in the README
HOST = "hearth.example"


@dataclass(frozen=True)
class DemoAgency:
    slug: str
    name: str
    region: str


@dataclass(frozen=True)
class DemoPerson:
    """``verified_by`` and ``roles`` name agencies by slug; a role of the platform has an empty slug."""

    address: str
    name: str
    is_a: str
    certificate_name: str = ""
    verified_by: str = ""
    asks: str = ""
    roles: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    is_listed: bool = False

    @property
    def email(self) -> str:
        """Where they sign in."""
        return f"{self.address}@{HOST}"


AGENCIES = (
    DemoAgency("fellside", "Fellside Adoption", "Northern dales"),
    DemoAgency("tidewater", "Tidewater RAA", "East coast"),
    DemoAgency("harbourlight", "Harbourlight VAA", "South west"),
)

STAFF = (
    DemoPerson(
        "trainer", "Marguerite", "Trainer: writes and runs sessions", roles=(("trainer", "fellside"),), is_listed=True
    ),
    DemoPerson("editor", "Ines", "Editor: approves what trainers write", roles=(("editor", ""),), is_listed=True),
    DemoPerson(
        "coordinator",
        "Grace",
        "Coordinator: verifies adopters, signs off",
        roles=(("coordinator", "fellside"),),
        is_listed=True,
    ),
    DemoPerson("manager", "Bronwen", "Manager", roles=(("manager", "fellside"),)),
    DemoPerson("safeguarding", "Daniel", "Safeguarding lead", roles=(("safeguarding_lead", "fellside"),)),
    DemoPerson("tidewater", "Oluwaseun", "Coordinator of another agency", roles=(("coordinator", "tidewater"),)),
    DemoPerson("administrator", "Ada", "Administrator", roles=(("administrator", ""),), is_listed=True),
    DemoPerson("amina", "Amina", "Trainer", roles=(("trainer", "fellside"),)),
    DemoPerson("rhys", "Rhys", "Trainer", roles=(("trainer", "fellside"),)),
    DemoPerson("jo", "Jo", "Trainer", roles=(("trainer", "fellside"),)),
    DemoPerson("whitlock", "Sam W", "Trainer", roles=(("trainer", "tidewater"),)),
)

LEARNERS = (
    DemoPerson("adopter", "Priya", "Adopter: learns and books", "Priya Raman-Ellis", "fellside", is_listed=True),
    DemoPerson(
        "partner", "Dan", "Her partner: linked with her, an account of his own", "Dan Ellis", "fellside", is_listed=True
    ),
    DemoPerson("single", "Tomasz", "Single adopter", "Tomasz Wąsowski", "fellside"),
    DemoPerson("dads", "Kwame", "One of two dads", "Kwame Boateng", "fellside"),
    DemoPerson("dads.two", "Elliot", "The other dad", "Elliot Boateng", "fellside"),
    DemoPerson("hannah", "Hannah", "In a transracial family", "Hannah Osei-Llwyd", "fellside"),
    DemoPerson("kinship", "Maureen", "Kinship carer", "Maureen Tate"),
    DemoPerson("prospective", "Aled", "Prospective adopter, asks to be verified", "Aled Gruffydd", asks="fellside"),
    DemoPerson("leader", "Carys", "Group leader in training", "Carys Bŵen", "fellside", is_listed=True),
    DemoPerson(
        "leader.ready",
        "Nia",
        "Group leader: proposes groups of her own",
        "Nia Pritchard",
        "fellside",
        is_listed=True,
    ),
    DemoPerson("leader.past", "Gwen", "Group leader whose award has run out", "Gwen Harries", "fellside"),
    DemoPerson("tidewater.adopter", "Farah", "Adopter of another agency", "Farah Siddiqui", "tidewater"),
)
