"""Make a key that badges are signed with."""

import base64
import secrets
from typing import Any

from django.core.management.base import BaseCommand

from lms.certificates.badges import SEED


class Command(BaseCommand):
    help = "Print a new key for LMS_BADGE_KEYS. Put it first there, and leave the old ones behind it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(base64.b64encode(secrets.token_bytes(SEED)).decode())
