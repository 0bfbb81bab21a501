"""How an agency's certificates look and what they say in its own words: a few safe choices."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import PreviewableMixin

from lms.certificates import logos, wording
from lms.certificates.models.awards import AwardKind
from lms.certificates.wording import WordingProblem

PROBLEMS = {
    WordingProblem.BRACES: "Use { and } only around the names in the list below, like {agency}.",
    WordingProblem.TOO_LONG: f"Keep it under {wording.LONGEST} characters, so that it fits on one line.",
    WordingProblem.TOO_MUCH: "These words make it look like more than it is. "
    "Leave out words like qualified, accredited, licensed or assessed.",
}
WORDS_OF = {kind: f"{kind.value}_words" for kind in AwardKind}


class Accent(models.TextChoices):
    SITE = "", "The colour of the site"
    WOAD = "#6e9ec3", "Woad, a blue"
    WELD = "#e9c26b", "Weld, a gold"
    MADDER = "#d98f7b", "Madder, a red brown"
    LICHEN = "#7fab88", "Lichen, a green"
    HEATHER = "#aa85b9", "Heather, a purple"
    WALNUT = "#ab8b70", "Walnut, a brown"


def words_field(default: str, kind: str) -> models.CharField[str, str]:
    """A line of the agency's own words; empty for ours."""
    places = ", ".join(f"{{{place}}}" for place in wording.PLACES[kind])
    return models.CharField(
        max_length=wording.LONGEST,
        blank=True,
        help_text=f"Stands above the title. Leave it empty for “{default}”. These are filled in: {places}.",
    )


class CertificateDesign(PreviewableMixin, models.Model):
    """One agency's design. Certificates carry a copy from when they are made; later changes touch none of them."""

    agency = models.OneToOneField("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    logo = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="On a light ground, at least 60 pixels each way. Stands in place of the mark of the site.",
    )
    accent = models.CharField(max_length=7, choices=Accent, blank=True, default=Accent.SITE)
    first_name = models.CharField("First to sign", max_length=45, blank=True)
    first_role = models.CharField("Their role", max_length=45, blank=True)
    second_name = models.CharField("Second to sign", max_length=45, blank=True)
    second_role = models.CharField("Their role", max_length=45, blank=True)
    completion_words = words_field("who completed the course", "completion")
    attendance_words = words_field("who took part in the live session", "attendance")
    leader_words = words_field("who was assessed and signed off on the pathway", "leader")
    closing_words = models.CharField(
        max_length=wording.LONGEST,
        blank=True,
        help_text="One more line, on all of them, like “With thanks from all of us at {agency}.”",
    )
    kept_logo = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "certificate design"

    def __str__(self) -> str:
        return f"Certificates of {self.agency}"

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One look for each kind of certificate."""
        return [(kind.value, kind.label) for kind in AwardKind]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """The page beside the editor."""
        return "certificates/design_preview.html"

    def words_for(self, kind: str) -> str:
        """The agency's words above the title of a certificate of ``kind``; empty for ours."""
        return str(getattr(self, WORDS_OF[AwardKind(kind)]))

    @property
    def signatories(self) -> list[dict[str, str]]:
        """Who signs in the agency's name; empty where the people of the course or session do."""
        pairs = ((self.first_name, self.first_role), (self.second_name, self.second_role))
        return [{"name": name, "role": role} for name, role in pairs if name]

    def clean(self) -> None:
        """Refuse what would not print well or would say too much. Keeps the logo as certificates carry it."""
        super().clean()
        faults = {field: fault for kind, field in WORDS_OF.items() if (fault := self._fault(field, kind.value))}
        if fault := self._fault("closing_words", "leader") or self._fault("closing_words", "attendance"):
            faults["closing_words"] = fault
        faults |= self._faults_of_signatories() | self._keep_logo()
        if faults:
            raise ValidationError({field: [fault] for field, fault in faults.items()})

    def _fault(self, field: str, kind: str) -> str:
        text = getattr(self, field)
        problem = wording.problem(text, kind=kind) if text else None
        if problem == WordingProblem.UNKNOWN_PLACE:
            names = " ".join(f"{{{place}}}" for place in wording.unknown_places(text, kind=kind))
            return f"We don't know {names}. Use only the names in the list below the box."
        if problem == WordingProblem.UNPRINTABLE:
            return f"We can't print {' '.join(wording.unprintable(text)[:8])}. Use letters, figures and plain signs."
        return PROBLEMS[problem] if problem else ""

    def _faults_of_signatories(self) -> dict[str, str]:
        faults = {}
        for place in ("first", "second"):
            name, role = getattr(self, f"{place}_name"), getattr(self, f"{place}_role")
            if bool(name) != bool(role):
                faults[f"{place}_role" if name else f"{place}_name"] = "Give both: who signs, and as what."
            for field, text in ((f"{place}_name", name), (f"{place}_role", role)):
                if odd := wording.unprintable(text):
                    faults[field] = f"We can't print {' '.join(odd[:8])}."
        return faults

    def _keep_logo(self) -> dict[str, str]:
        if not self.logo:
            self.kept_logo = {}
            return {}
        try:
            with self.logo.file.open("rb") as file:
                sha256, width, height = logos.keep(file)
        except (logos.LogoUnusable, FileNotFoundError) as fault:
            return {"logo": str(fault) if isinstance(fault, logos.LogoUnusable) else "That picture is gone."}
        self.kept_logo = {"sha256": sha256, "width": width, "height": height}
        return {}

    def content(self) -> dict[str, Any]:
        """All that certificates take from it."""
        fields = ("accent", *WORDS_OF.values(), "closing_words", "kept_logo")
        return {field: getattr(self, field) for field in fields} | {"signatories": self.signatories}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the design; if it says something else than before, it is another version."""
        before = CertificateDesign.objects.filter(pk=self.pk).first() if self.pk else None
        if before and before.content() != self.content():
            self.version = before.version + 1
        super().save(*args, **kwargs)
