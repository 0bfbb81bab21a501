"""How the certificates of one agency of the demo look; the others keep the look of the site."""

from lms.agencies.models import Agency
from lms.certificates.models import Accent, CertificateDesign


def make() -> None:
    """Let Fellside sign in its own colour and with a line of its own."""
    design = CertificateDesign(
        agency=Agency.objects.get(slug="fellside"),
        accent=Accent.LICHEN,
        first_name="Ama Okoro",
        first_role="Head of adoption support",
        closing_words="With thanks for your evening, from all of us at {agency}.",
    )
    design.full_clean()
    design.save()
