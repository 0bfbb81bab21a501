"""What people type about certificates. They read input and say what is wrong with it; they never save."""

import unicodedata
from typing import Any

from django import forms

from lms.accounts.forms import NameField
from lms.certificates import rules
from lms.certificates.forms.fields import KindTextField
from lms.certificates.models import Award
from lms.certificates.rules import NameProblem

PROBLEMS = {
    NameProblem.EMPTY: "Write your name as it should stand on the certificate.",
    NameProblem.PILED_UP: "Use no more than two accents on a letter.",
    NameProblem.TOO_WIDE: "That name is longer than fits on the paper. Could you shorten it?",
}
APOSTROPHES = str.maketrans("\u02bb\u02bc\u2032`", "\u2018\u2019\u2019\u2019")  # the ones our faces have


class CertificateNameField(NameField):
    """A name that can be printed."""

    def clean(self, value: Any) -> str:
        """Clean as a name, then say which letters the paper cannot carry."""
        name = unicodedata.normalize("NFC", super().clean(value)).translate(APOSTROPHES)
        problem = rules.name_problem(name)
        if problem == NameProblem.UNPRINTABLE:
            raise forms.ValidationError(_unprintable(name))
        if problem:
            raise forms.ValidationError(PROBLEMS[problem])
        return name


def _unprintable(name: str) -> str:
    odd = rules.unprintable(name)
    few = " ".join(odd[:8])
    if any(c.isalpha() for c in odd):
        return f"We can't print these letters yet: {few}. You can write your name in Latin letters instead."
    return f"Leave out: {few}. A name has letters, spaces, hyphens and apostrophes."


class PaperForm(forms.Form):
    """How the certificate is to look: the name and which of the two titles."""

    name = CertificateNameField(
        label="How should your name be written?",
        help_text="As you write it yourself. Nobody else's name, please, and no child's.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.ChoiceField(
            label="Which title should it carry?",
            help_text="The first one says nothing about adoption. The second one also lists what you learned.",
            choices=[("neutral", award.neutral_title), ("full", award.title)],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a title.", "invalid_choice": "Choose one of the two titles."},
        )

    @property
    def is_neutral(self) -> bool:
        """Whether the neutral title was chosen."""
        return bool(self.cleaned_data["title"] == "neutral")


def first_paper_form(award: Award) -> PaperForm:
    """The form as it is first shown: the name we know, and the title that gives nothing away unless one was chosen."""
    known = award.person.certificate_name if award.person else ""
    title = "neutral" if award.is_neutral else "full"
    return PaperForm(award=award, initial={"name": award.name or known, "title": title})


class PdfField(forms.FileField):
    """A small PDF. What is read of it is its bytes; the name it had is not looked at."""

    def clean(self, value: Any, initial: Any = None) -> bytes:
        """Return its bytes. Raises ValidationError for what is too long, or no PDF."""
        sent = super().clean(value, initial)
        if sent.size > LONGEST_FILE:
            raise forms.ValidationError("That file is too big to be one of our certificates. They're below 1 MB.")
        content: bytes = sent.read()
        if not content.startswith(b"%PDF-"):
            raise forms.ValidationError("That isn't a PDF. Choose the file that you were sent or downloaded.")
        return content


LONGEST_FILE = 1_000_000  # bytes; a certificate is below 400 kB


class FileForm(forms.Form):
    """A certificate as a file."""

    file = PdfField(
        label="Or send us the PDF",
        help_text="We look if it's exactly the one we made. We don't keep it.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Choose the PDF first.", "empty": "That file has nothing in it."},
    )


class MatchForm(forms.Form):
    """A name to compare with the one on a certificate."""

    name = forms.CharField(
        label="Name on the certificate",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Type the name that is on the paper.",
            "max_length": "That is too long for a name.",
        },
    )


class DecisionForm(forms.Form):
    """What the safeguarding lead decides about a certificate, and why."""

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = "Choose what should happen."
        self.choices = [(deed, words) for deed, words in DECISIONS.items() if (award.state, deed) in rules.MOVES]
        self.fields["deed"] = forms.ChoiceField(
            label="What should happen?",
            choices=self.choices,
            widget=forms.RadioSelect,
            error_messages={"required": choose, "invalid_choice": choose},
        )
        self.fields["reason"] = KindTextField(
            label="Why?",
            help_text="Kept for safeguarding leads. It's shown nowhere else. No children's names, please.",
            required_words="Write why.",
        )


DECISIONS = {
    rules.Deed.SUSPEND: "Put it on hold, while something is looked into",
    rules.Deed.REINSTATE: "Make it valid again",
    rules.Deed.WITHDRAW: "Withdraw it for good",
}
