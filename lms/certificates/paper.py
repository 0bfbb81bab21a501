"""What a certificate says, put into words once for the page, the PDF and the plain text."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from lms.certificates import rules
from lms.certificates.models import Award, AwardKind

LEADS = {
    AwardKind.COMPLETION: "who completed the course",
    AwardKind.ATTENDANCE: "who took part in the live session",
    AwardKind.LEADER: "who was assessed and signed off on the pathway",
}
LONG_TITLE = 44  # characters that fit on one line at full size


@dataclass(frozen=True)
class Paper:
    """Everything that stands on one certificate."""

    issuer: str
    name: str
    name_class: str
    lead: str
    title: str
    title_class: str
    facts: str
    learned: list[str]
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
    return Paper(
        issuer=award.issuer,
        name=award.name,
        name_class=_name_class(award.name),
        lead=LEADS[AwardKind(award.kind)],
        title=award.public_title,
        title_class="long" if len(award.public_title) > LONG_TITLE else "",
        facts=_facts(award),
        learned=[] if award.is_neutral else award.says.get("learned", []),
        statement=award.says["statement"],
        signatories=award.says["signatories"],
        code=award.shown_code,
        site=site.partition("://")[2].rstrip("/"),
        url=check_url(award),
        qr_width=qr_width,
        qr_path=qr_path,
        colours=award.says["colours"],
    )


def _name_class(name: str) -> str:
    size, face = rules.size_of(name), "" if rules.in_title_face(name) else "second-face"
    return f"{'longest' if size is None else size} {face}".strip()


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
        "",
        "This certificate is for",
        on_it.name,
        on_it.lead,
        on_it.title,
        on_it.facts,
        *(f"- {line}" for line in on_it.learned),
        "",
        *(f"{person['name']}, {person['role']}" for person in on_it.signatories),
        "",
        on_it.statement,
        "",
        f"Check this certificate: {on_it.url}",
        f"Code: {on_it.code}",
    ]
    return "\n".join(lines) + "\n"
