"""What import-linter cannot see."""

from django.apps import apps

ROOMS = [
    "common",
    "audit",
    "outbox",
    "cms",
    "accounts",
    "agencies",
    "meetings",
    "webinars",
    "courses",
    "certificates",
    "dashboard",
]
SAME_FLOOR = [{"audit", "outbox"}, {"webinars", "courses"}]


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if (source := model._meta.app_label) in ROOMS
        for field in model._meta.local_fields
        if field.concrete and field.is_relation and (target := field.related_model._meta.app_label) in ROOMS
        if ROOMS.index(target) > ROOMS.index(source) or {source, target} in SAME_FLOOR
    ]
    assert not upward
