"""Where editors design their agencies' certificates, with the PDF beside what they choose."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import PreviewOnCreateView, PreviewOnEditView, SnippetViewSet

from lms.accounts.models import User
from lms.certificates import operations, previews
from lms.certificates.models import CertificateDesign


class Asks:
    """What is typed is drawn as soon as Wagtail has found it valid: by this POST, so that looking asks for nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Keep what is typed for the preview, as Wagtail does, and have it drawn."""
        answer: JsonResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # Wagtail's view is behind us
        form = self.get_form(request.POST)  # type: ignore[attr-defined]  # and here
        if self.validate_form(form) and isinstance(request.user, User):  # type: ignore[attr-defined]  # and here
            operations.ask_previews(design=form.instance, asked_by=request.user, now=timezone.now())
        return answer


class AsksOnEdit(Asks, PreviewOnEditView):
    pass


class AsksOnCreate(Asks, PreviewOnCreateView):
    pass


class CertificateDesigns(SnippetViewSet):
    model = CertificateDesign
    icon = "doc-full"
    menu_label = "Certificates"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["agency", "accent", "version"]
    preview_on_add_view_class = AsksOnCreate
    preview_on_edit_view_class = AsksOnEdit
    copy_view_enabled = False
    panels = [
        FieldPanel("agency"),
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("accent")], heading="Look"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("first_name"), FieldPanel("first_role")]),
                FieldRowPanel([FieldPanel("second_name"), FieldPanel("second_role")]),
            ],
            heading="Who signs",
            help_text="Leave these empty, and whoever taught the course or ran the session signs.",
        ),
        MultiFieldPanel(
            [FieldPanel(f"{name}_words") for name in ("completion", "attendance", "leader", "closing")],
            heading="Words",
            help_text="What a certificate is and is not always stands below, in our words.",
        ),
    ]


register_snippet(CertificateDesigns)


@hooks.register("register_admin_urls")
def preview_addresses() -> list[URLPattern]:
    """Where the drawn previews are."""
    return [
        path("certificate-previews/<uuid:uuid>/", previews.show, name="certificate_preview"),
        path("certificate-previews/<uuid:uuid>/sample.pdf", previews.file, name="certificate_preview_file"),
    ]
