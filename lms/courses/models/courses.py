"""Courses as people enrol on them, and what each asked at one moment."""

from typing import Any

from django.db import models

from lms.courses import rules


class Finish(models.TextChoices):
    ALL = rules.ALL, "every lesson"
    ANY = rules.ANY, "some of the lessons"
    MARK = rules.MARK, "every lesson, with a pass mark"


class OpenTo(models.TextChoices):
    EVERYONE = "everyone", "anybody with an account"
    VERIFIED = "verified", "verified adopters"
    APPROVAL = "approval", "whoever their agency lets in"
    INVITED = "invited", "by invitation of an agency"


class Course(models.Model):
    """A course as people enrol on it. Its words are pages in the CMS; this row stays when they are gone."""

    identity = models.UUIDField(unique=True, help_text="The course's own identity, kept through export and import.")
    page = models.OneToOneField("cms.CoursePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    slug = models.SlugField(max_length=255, allow_unicode=True)
    title = models.CharField(max_length=255)
    neutral_title = models.CharField(max_length=100)
    open_to = models.CharField(max_length=10, choices=OpenTo, default=OpenTo.EVERYONE)
    is_open = models.BooleanField(default=True, help_text="Whether people may enrol now.")
    in_order = models.BooleanField(default=False, help_text="Whether each lesson opens when the one before is done.")
    after = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+", help_text="Courses that must be finished first."
    )
    latest = models.OneToOneField(
        "CourseVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="latest_of"
    )

    def __str__(self) -> str:
        return self.title


class CourseVersion(models.Model):
    """What a course asked at one moment. Written once when a page is published, never changed.

    outline: ``{"modules": [{"id", "title", "slug", "summary", "skippable", "lessons": [{"id", "title", "slug",
    "path", "minutes", "content_note", "items": [{"id", "kind", "title", "required"}]}]}]}``, all ids UUID texts.
    The first item of a lesson is the reading of it, with the lesson's own id.
    items: ``{item id: {"lesson", "within", "kind", "title", "required"}}``, the same by id: a save reads one item
    and not the course. ``within`` is the title of its lesson. What was added and is asked of people in the middle of
    the course too has ``"everyone": true``; what is not to be shown to them as new, ``"quiet": true``; what brings
    something to a pass mark, ``"marked": true``.
    keys: ``{item id: {"kind", "right": [option ids], "feedback": {option id: text}, ...}}``; never sent to a browser.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    outline = models.JSONField()
    items = models.JSONField()
    keys = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of outline and keys: nothing changed, no new version.")
    minutes = models.PositiveIntegerField()
    lessons_total = models.PositiveIntegerField()
    finish = models.CharField(max_length=4, choices=Finish, default=Finish.ALL)
    finish_needed = models.PositiveSmallIntegerField(default=0, help_text="How many lessons, or per cent.")
    required_total = models.PositiveIntegerField(help_text="How many items must be done, or lessons if any will do.")
    marks_needed = models.PositiveIntegerField(default=0, help_text="Hundredths that answers must bring.")
    in_order = models.BooleanField(null=True, help_text="As on the course then; none where it was not kept yet.")
    after = models.JSONField(null=True, help_text="Titles of the courses to finish first, by identity; likewise.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"

    @property
    def rule(self) -> rules.Finish:
        """When a course like this is finished."""
        return rules.Finish(self.finish, self.finish_needed)

    @property
    def terms(self) -> rules.Terms:
        """The rules of the course as they were then."""
        return rules.Terms(self.rule, self.lessons_total, self.in_order, self.after)

    def beginning(self) -> dict[str, Any]:
        """The fields of a round that begins with this version."""
        return {
            "version": self,
            "counted_with": self,
            "finish": self.finish,
            "finish_needed": self.finish_needed,
            "required_total": self.required_total,
            "marks_missing": self.marks_needed,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new version. Raises TypeError for one that exists."""
        if self.pk:
            raise TypeError("A course version is never changed.")
        super().save(*args, **kwargs)
