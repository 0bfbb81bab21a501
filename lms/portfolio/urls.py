"""Addresses of what people take with them."""

from django.urls import path

from lms.portfolio import desk
from lms.portfolio.views import papers, sharing

app_name = "portfolio"
urlpatterns = [
    path("my/notes/workbook/<uuid:course>/", papers.workbook, name="workbook"),
    path("my/notes/workbook/<uuid:course>/make/", papers.make_workbook, name="make_workbook"),
    path("my/record/", papers.choose, name="record"),
    path("my/record/preview/", papers.preview, name="preview"),
    path("my/record/make/", papers.make_record, name="make_record"),
    path("my/papers/<uuid:paper>/", papers.paper, name="paper"),
    path("my/papers/<uuid:paper>/file/", papers.download, name="download"),
    path("my/notes/shared/", sharing.shared, name="shared"),
    path("my/notes/shared/<uuid:shared>/withdraw/", sharing.withdraw, name="withdraw"),
    path("my/notes/<uuid:note>/share/", sharing.share, name="share"),
    path("my/notes/<uuid:note>/day/", sharing.day, name="day"),
    path("my/notes/<uuid:note>/day/forget/", sharing.forget_day, name="forget_day"),
    path("desk/entries/", desk.entries, name="desk_entries"),
    path("desk/entries/<uuid:shared>/", desk.entry, name="desk_entry"),
    path("desk/entries/<uuid:shared>/read/", desk.read, name="desk_read"),
]
