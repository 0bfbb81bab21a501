"""How files come into the library: looked through for what is harmful, before they are kept."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from lms.common import scanning


def looked_through(file: Any) -> Any:
    """Return ``file``, if it is new and clean or was here before. Raises ValidationError."""
    if file is None or not hasattr(file, "content_type"):  # nothing new was uploaded
        return file
    try:
        scanning.look_through(file)
    except scanning.Harmful as found:
        raise ValidationError(str(found)) from found
    except scanning.ScannerAway as away:
        raise ValidationError(scanning.AWAY) from away
    return file


class DocumentForm(BaseDocumentForm):
    """A document of the library."""

    def clean_file(self) -> Any:
        """Refuse what is harmful, and everything while nobody can say."""
        return looked_through(self.cleaned_data["file"])


class PictureForm(BaseImageForm):
    """A picture of the library."""

    def clean_file(self) -> Any:
        """Refuse what is harmful, and everything while nobody can say."""
        return looked_through(self.cleaned_data["file"])
