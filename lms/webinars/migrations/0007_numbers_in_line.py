"""Sessions keep the last number given out on their waiting list: the next is given in one statement."""

from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_on_from_the_last(apps, schema_editor):
    rows = apps.get_model("webinars", "Booking").objects.filter(session=OuterRef("pk")).order_by()
    last = rows.values("session").annotate(last=Max("queue_number")).values("last")
    apps.get_model("webinars", "Session").objects.update(queue_last=Coalesce(Subquery(last), 0))


class Migration(migrations.Migration):
    dependencies = [("webinars", "0006_kept_for_some")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="queue_last",
            field=models.PositiveBigIntegerField(default=0, help_text="The last number given out on the waiting list."),
        ),
        migrations.RunPython(count_on_from_the_last, migrations.RunPython.noop),
    ]
