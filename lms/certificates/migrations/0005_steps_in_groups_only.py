import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certificates", "0004_steps_into_groups")]
    operations = [
        migrations.RemoveField(model_name="requirement", name="pathway"),
        migrations.AlterField(
            model_name="requirement",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="requirements",
                to="certificates.requirementgroup",
            ),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="key",
            field=models.SlugField(help_text="What its file calls it."),
        ),
    ]
