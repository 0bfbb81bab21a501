"""A small tree of text files with something of every kind, to load and to spoil."""

from pathlib import Path

TOPIC = """---
title: Play
dye: madder
weave: diamond
order: 7
---

Small games that build trust
"""
TRAINER = """---
name: Jo Levi
role: Social worker
---

Jo believes asking early is a skill.
"""
FACT = """---
title: "Education plan"
value: "An EPAC is voluntary."
source: "Guidance, seen 2026"
checked_on: 2026-10-12
review_by: 2027-04-12
nation: [England, Wales]
---
"""
CONTACT = """---
name: Police
number: "999"
hours: "Any time"
for: "Somebody is in danger now."
order: 1
checked_on: 2026-10-12
---
"""
PAGE = """---
title: About
summary: What this is.
---

Hearth is a place to learn.

## Who it's for

- Adopters
- **Anybody** who asks
"""
HELP = """---
title: Get help now
summary: Who to ring.
---

If someone is in danger, ring 999 now.
"""
HOME = """---
title: Hearth
heading: You don't have to work it out alone
summary: Learning for adoptive families.
---
"""
REVIEW = """author: jo-levi
reviewer: jo-levi
lived_experience_review: true
nation: [England]
reviewed_on: 2026-10-12
review_by: 2027-10-12
sources:
  - "Rees, 2017, Life Story Books"
  - {who: Internet Matters, year: 2019, title: Vulnerable children}
"""
CARD = """---
title: A message came
topics: [play]
order: 3
also_called: [freind request]
sensitive: true
do_now: ["Breathe out.", "Save the message."]
say: "I'm glad you showed me."
avoid: [Replying cross]
who_to_ring: [police]
deeper: [telling/A1.1, staying]
reviewed_on: 2026-10-12
review_by: 2027-04-12
---

You don't have to answer tonight.
"""
WORKSHOP = f"""---
key: W1
title: Staying in touch
neutral_title: Keeping connections
summary: Letters and meetings.
audience: Adopters with a plan.
minutes: 90
leave_with: [A letter begun]
topics: [play]
ages: [any]
access: Captions if you ask.
camera: Camera on or off.
agenda:
  - {{minutes: 30, title: Welcome}}
  - {{minutes: 60, title: Letter clinic}}
facilitator: A social worker.
trainers: [jo-levi]
linked_courses: [telling]
open_to: verified
{REVIEW}---

A letter keeps the door open.
"""
COURSE = f"""---
key: A
title: Telling the story
neutral_title: Family conversations
summary: What to tell, when.
audience: Any adopter.
outcomes: [Talk early]
topics: [play]
ages: [5-7, 8-11]
linked_workshops: [staying]
open_to: everyone
{REVIEW}---

There are short lessons.
"""
MODULE = """---
title: Why it matters
summary: Whose story it is.
---
"""
QUESTION = """::: question
key: A1
kind: single

When do you start?

- [ ] At about five.
  > Understanding grows later, but words
  > can start now.
- [x] From the start.
  > Your child never remembers not knowing.
:::
"""
LESSON = f"""---
key: A1.1
title: Whose story
minutes: 6
summary: What this is for.
content_note: One part is about a hungry baby.
{REVIEW}---

It is **your child's** story, as *Two Homes* says.

::: key-point

Go first, lightly and often.
:::

::: example
title: Two cards
affirmed: composite

Marco and Will's son, 7, made two cards.
:::

::: try
title: Swap one sentence

1. Catch one line.
2. Rebuild it.
:::

:::: notice
about: a hungry baby
minutes: 1

::: short

Some children were not fed.
:::

The longer words.

::: reflection
key: A-R1

What would you like to say?
:::
::::

::: scenario
key: SC-A
title: "Not my real mum"
start: car

== car
It's late.
-> pace | "You're so cross."
-> end | Say nothing

== pace
Her shoulders drop.
-> end | Drive home

== end
Nobody gets it right every time.
:::

::: fact
slug: epac
:::

::: nation
applies: England, Wales

Scotland has its own law.
:::

::: resource
title: PAC-UK
by: PAC-UK
kind: service

They can help.
:::

::: contested
title: More is better

Nobody knows the right amount.
:::

::: unknown

We can't know.
:::

::: pause
:::

{QUESTION}
"""
SECOND = f"""---
key: A1.2
title: First words
minutes: 5
summary: Where to begin.
{REVIEW}---

Begin small.

::: question
key: A2
kind: order

Put these in order.

1. Name the feeling.
2. Say the headline.
3. Give space.

right: Feeling, fact, space.
otherwise: Try the feeling first,
then the fact.
:::

::: question
key: A3
kind: true-false

Later is too late.

- [ ] True
  > Lots of us fear that.
- [x] False
  > Late is fine.
:::

::: action-plan
key: A-PLAN
title: My plan

- My sentence:
- When I'll say it:
:::
"""
FILES = {
    "topics/play.md": TOPIC,
    "trainers/jo-levi.md": TRAINER,
    "facts/epac.md": FACT,
    "contacts/police.md": CONTACT,
    "pages/home.md": HOME,
    "pages/help-now.md": HELP,
    "pages/about.md": PAGE,
    "cards/a-message.md": CARD,
    "workshops/staying/workshop.md": WORKSHOP,
    "courses/telling/course.md": COURSE,
    "courses/telling/01-why/module.md": MODULE,
    "courses/telling/01-why/01-whose-story.md": LESSON,
    "courses/telling/01-why/02-first-words.md": SECOND,
}
LESSON_PATH = "courses/telling/01-why/01-whose-story.md"


class Tree:
    """Files in a folder that a test may change."""

    def __init__(self, root: Path, files: dict[str, str] = FILES) -> None:
        self.root = root
        for path, text in files.items():
            self.write(path, text)

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def swap(self, path: str, old: str, new: str) -> int:
        """Replace the one place where ``old`` stands; return its line."""
        text = (self.root / path).read_text()
        assert text.count(old) == 1, (old, text.count(old))
        self.write(path, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1
