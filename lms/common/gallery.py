"""What the parts in the gallery show: plain examples, in every state."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

EVENING = datetime(2026, 3, 12, 19, 30, tzinfo=UTC)


class SampleForm(forms.Form):
    """One of each kind of question."""

    name = forms.CharField(label="What shall we call you?", help_text="A first name is enough.")
    email = forms.EmailField(label="Email", error_messages={"required": "Add an email address, like name@example.org"})
    about = forms.CharField(label="What would help?", widget=forms.Textarea, required=False)
    place = forms.ChoiceField(label="Where", choices=[("online", "Online"), ("person", "In person")])
    time = forms.ChoiceField(
        label="Time",
        choices=[("11", "11am"), ("19", "7pm")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a time"},
    )
    ages = forms.MultipleChoiceField(
        label="My child is",
        choices=[("0", "Under 5"), ("5", "5 to 11"), ("12", "12 to 17")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="Send me a reminder the day before", required=False)
    file = forms.FileField(label="A photo of your certificate", help_text="PDF or JPEG, up to 10 MB.", required=False)


LESSONS = [
    {"title": "Why their story matters", "url": "#", "state": "done", "words": "Done. 12 minutes"},
    {"title": "What your child may already know", "url": "#", "state": "done", "words": "Done. 10 minutes"},
    {
        "title": "Words for the hard parts",
        "url": "#",
        "state": "now",
        "words": "You are here. About 9 minutes left",
        "heads_up": "Talks about neglect",
    },
    {"title": "Making a life story book that grows", "url": "#", "words": "16 minutes"},
]
PATHWAY = [
    {"title": "Finish “Therapeutic parenting”", "state": "done", "tag": "Done", "tone": "good", "words": "18 January"},
    {"title": "Background check", "state": "waiting", "tag": "With us", "tone": "note", "words": "About three weeks."},
    {
        "title": "A reference",
        "state": "more",
        "tag": "One more thing",
        "tone": "care",
        "words": "How long have you met?",
    },
    {"title": "Shadow two sessions", "state": "now", "tag": "1 of 2 done", "words": "Next: Monday 16 March."},
    {"title": "Lead one session with a mentor"},
]
POINTS = [
    {"title": "Camera off is fine", "state": "point", "icon": "screen", "words": "So is eating your tea."},
    {"title": "Nothing is recorded", "state": "point", "icon": "lock", "words": "Notes come by email after."},
]
TOPICS = [
    {"title": "Life story work", "summary": "What to tell, and when", "dye": "heather", "weave": "star"},
    {"title": "Trauma and the brain", "summary": "Why stress shows", "dye": "madder", "weave": "chevron"},
    {"title": "Therapeutic parenting", "summary": "First steps", "dye": "weld", "weave": "basket"},
    {"title": "Safer online", "summary": "Phones and games", "dye": "woad", "weave": "lattice"},
    {"title": "Staying in touch", "summary": "Letters and time", "dye": "lichen", "weave": "hills"},
    {"title": "School and nursery", "summary": "Working as a team", "dye": "walnut", "weave": "check"},
    {"title": "Play", "summary": "Games that build trust", "dye": "madder", "weave": "diamond"},
    {"title": "Support groups", "summary": "Join one or run one", "dye": "lichen", "weave": "rings"},
    {"title": "Looking after you", "summary": "Rest and help", "dye": "woad", "weave": "waffle"},
    {"title": "Moving in", "summary": "The first weeks", "dye": "heather", "weave": "twill"},
]
CARD_FACTS = [("clock", "7 lessons, about 1 hour 40"), ("lamp", "Talks about loss and neglect")]
LIVE_FACTS = [("calendar", "Thursday 12 March, 7:30pm"), ("screen", "Online")]
TABLE = [("Otterley", 14, 9), ("Carrow Valley", 22, 17)]


def samples() -> dict[str, Any]:
    """Return all that the gallery's templates ask for."""
    wrong = SampleForm({"name": "Sam", "email": "", "place": "online"}, prefix="wrong")
    return {
        "form": SampleForm(initial={"place": "online"}),
        "wrong": wrong,
        "lessons": LESSONS,
        "pathway": PATHWAY,
        "points": POINTS,
        "topics": TOPICS,
        "card_facts": CARD_FACTS,
        "live_facts": LIVE_FACTS,
        "table": TABLE,
        "evening": EVENING,
        "later": EVENING + timedelta(days=5),
        "page": Paginator(range(90), 10).page(4),
        "lesson_steps": [True, True, True, False, False, False, False],
        "before": {"url": "#", "title": "Small true pieces", "label": "Lesson 3"},
        "after": {"url": "#", "title": "Making a life story book that grows", "label": "Lesson 5"},
        "pairs": [("For", "Therapeutic parenting"), ("Given by", "Wrenbrook Adoption"), ("Valid until", "No end date")],
        "typed": [("display_name", "Sam"), ("what_would_help", "We moved in in May.\nBedtime is hard.")],
    }
