"""All addresses. Each has a line in the access table (tests/access/)."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms.accounts.views import to_sign_in

handler400 = "lms.common.failures.bad_request"
handler403 = handler404 = "lms.common.failures.not_found"
handler429 = "lms.common.failures.too_many_tries"  # asked for by allauth
handler500 = "lms.common.failures.broken"

# Addresses are tried one after the other: what many ask in the same moment comes first.
urlpatterns = [
    path("", include("lms.courses.urls")),
    path("", include("lms.webinars.urls")),
    path("accounts/", include("allauth.urls")),
    path("cms/login/", to_sign_in, name="cms_login"),
    path("_util/login/", to_sign_in, name="page_login"),
    path("cms/", include(wagtailadmin_urls)),
    path("", include("lms.common.urls")),
    path("", include("lms.outbox.urls")),
    path("", include("lms.accounts.urls")),
    path("", include("lms.agencies.urls")),
    path("", include("lms.partners.urls")),
    path("", include("lms.meetings.urls")),
    path("", include("lms.dashboard.urls")),
    path("", include("lms.certificates.urls")),
    path("", include("lms.consultations.urls")),
    path("", include("lms.packages.urls")),
    path("", include("lms.portfolio.urls")),
    path("", include("lms.sharing.urls")),
    path("", include("lms.statements.urls")),
    path("", include("lms.together.urls")),
    path("", include("cms.urls")),
    path("documents/", include(wagtaildocs_urls)),  # after ours, which can hand out a part of a file
    path("", include(wagtail_urls)),
]
