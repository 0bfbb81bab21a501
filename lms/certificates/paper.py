"""What a certificate says, put into words once for the page, the PDF and the plain text."""

from base64 import b64encode
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from lms.certificates import logos, rules, wording
from lms.certificates.models import Award, AwardKind

HEADINGS = {
    AwardKind.COMPLETION: "Certificate of completion",
    AwardKind.ATTENDANCE: "Record of attendance",
    AwardKind.LEADER: "Group leader award",
}
LEADS = {
    AwardKind.COMPLETION: "who completed the course",
    AwardKind.ATTENDANCE: "who took part in the live session",
    AwardKind.LEADER: "who was assessed and signed off on the pathway",
}
LONG_TITLE = 44  # characters that fit on one line at full size


@dataclass(frozen=True)
class Logo:
    """The agency's logo: which one of those we keep, its words for who cannot see it, its size in pixels."""

    sha256: str
    words: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture itself, for the web page."""
        return f"data:{logos.KIND};base64,{b64encode(logos.read(self.sha256)).decode()}"


@dataclass(frozen=True)
class Paper:
    """Everything that stands on one certificate."""

    kind: str
    heading: str
    issuer: str
    logo: Logo | None
    name: str
    name_class: str
    lead: str
    title: str
    title_class: str
    facts: str
    learned: list[str]
    closing: str
    statement: str
    signatories: list[dict[str, str]]
    code: str
    site: str
    url: str
    qr_width: str
    qr_path: str
    colours: dict[str, str]


def check_url(award: Award) -> str:
    """The address that the QR code leads to."""
    return settings.LMS_BASE_URL.rstrip("/") + reverse("certificates:check", args=[award.shown_code])


def paper(award: Award) -> Paper:
    """Put a claimed award into words."""
    site = settings.LMS_BASE_URL.rstrip("/") + reverse("certificates:check_form")
    qr_width, _, qr_path = award.qr.partition(" ")
    kind, look = AwardKind(award.kind), award.says.get("look", {})
    values = _values(award)
    lead = wording.filled(look.get("lead") or LEADS[kind], values)
    closing = wording.filled(look.get("closing", ""), values)
    return Paper(
        kind=kind.value,
        heading=HEADINGS[kind],
        issuer=award.issuer,
        logo=Logo(**look["logo"]) if look.get("logo") else None,
        name=award.name,
        name_class=_name_class(award.name),
        lead=lead,
        title=award.public_title,
        title_class="long" if len(award.public_title) > LONG_TITLE else "",
        facts=_facts(award),
        learned=_learned(award, room=rules.MOST_LEARNED - bool(closing) - (len(lead) > wording.LONGEST)),
        closing=closing,
        statement=award.says["statement"],
        signatories=award.says["signatories"],
        code=award.shown_code,
        site=site.partition("://")[2].rstrip("/"),
        url=check_url(award),
        qr_width=qr_width,
        qr_path=qr_path,
        colours=award.says["colours"],
    )


def _learned(award: Award, *, room: int) -> list[str]:
    """What was learned, as far as there is room; with the neutral title it would give away what that hides."""
    return [] if award.is_neutral else award.says.get("learned", [])[:room]


def _values(award: Award) -> dict[str, str]:
    """What the places in an agency's wording stand for. The title is the one that its holder chose."""
    return {
        "agency": award.issuer,
        "title": award.public_title,
        "date": date_format(award.earned_on, "j F Y"),
        "length": rules.hours(award.says["minutes"]),
    }


def _name_class(name: str) -> str:
    size = rules.size_of(name)
    return f"{'longest' if size is None else size} {_face_class(name)}".strip()


def _face_class(name: str) -> str:
    """Which faces the name is set in: the title face, those of other writings beside it, or one that has it all."""
    if rules.in_title_face(name):
        return ""
    return "second-face" if rules.has_loose_marks(name) else "other-face"


def _facts(award: Award) -> str:
    earned, length = date_format(award.earned_on, "j F Y"), rules.hours(award.says["minutes"])
    if award.kind == AwardKind.COMPLETION:
        lessons = award.says["lessons"]
        taught = f"{lessons} lesson{'' if lessons == 1 else 's'}, {length} of learning"
        return f"{taught}. Finished on {earned}. Course version {award.says['version']}."
    if award.kind == AwardKind.ATTENDANCE:
        return f"{length}. Took part on {earned}."
    until = f" Valid until {date_format(award.valid_until, 'j F Y')}." if award.valid_until else ""
    return f"Given on {earned}.{until}"


def plain_text(award: Award) -> str:
    """The certificate as lines of text, for who cannot use a page or a PDF."""
    on_it = paper(award)
    lines = [
        on_it.issuer,
        on_it.heading,
        "",
        "This certificate is for",
        on_it.name,
        on_it.lead,
        on_it.title,
        on_it.facts,
        *(f"- {line}" for line in on_it.learned),
        *([on_it.closing] if on_it.closing else []),
        "",
        *(f"{person['name']}, {person['role']}" for person in on_it.signatories),
        "",
        on_it.statement,
        "",
        f"Check this certificate: {on_it.url}",
        f"Code: {on_it.code}",
    ]
    return "\n".join(lines) + "\n"
