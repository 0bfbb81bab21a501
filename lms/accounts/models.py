"""A person who signs in: an e-mail address and the name they choose to be known by. Nothing about any child."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from lms.accounts import rules


class Colours(models.TextChoices):
    FOLLOW = "follow", "Follow my phone or computer"
    DAY = "day", "Day colours"
    EVENING = "evening", "Evening colours"


class UserManager(BaseUserManager["User"]):
    """Makes people; an address is kept in lower case so that it is one person whatever was typed."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person. Raises ValueError without an address."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a platform administrator, from the command line only."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever case was typed."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Anybody with an account. What they may do follows from memberships and roles, not from this row."""

    email = models.EmailField(unique=True, max_length=254)
    display_name = models.CharField("name to show", max_length=rules.LONGEST_NAME)
    # Kept by the database itself, so that no way of changing or erasing the name leaves the old one here.
    name_key = models.GeneratedField(
        expression=Lower("display_name"),
        output_field=models.CharField(max_length=2 * rules.LONGEST_NAME),
        db_persist=True,
        db_index=True,
        help_text="The name in lower case, to find people by how it begins.",
    )
    certificate_name = models.CharField("name on certificates", max_length=rules.LONGEST_NAME, blank=True)
    colours = models.CharField(max_length=8, choices=Colours, default=Colours.FOLLOW)
    full_titles = models.BooleanField("full titles in e-mail and calendar", default=False)
    content_notices = models.BooleanField("a note before hard parts", default=True)
    time_zone = models.CharField(max_length=40, default="Europe/London")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_an_address")]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        """The name that others may see."""
        return self.display_name

    def get_short_name(self) -> str:
        """The same: there is only one name to show."""
        return self.display_name
