"""What the page beside the editor shows of a design."""

from typing import Any

from django import template

from lms.certificates import operations
from lms.certificates.models import CertificateDesign, DesignPreview

register = template.Library()


@register.simple_tag(takes_context=True)
def preview_of(context: Any, design: CertificateDesign) -> DesignPreview | None:
    """The look that the editor asked for, of the kind that is chosen beside it; None if it asked too often."""
    request = context["request"]
    return operations.preview_of(design=design, kind=request.preview_mode, asked_by=request.user)
