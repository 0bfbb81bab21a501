from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_steps_in_groups_only")]
    operations = [
        migrations.AddField(
            model_name="signoff",
            name="signed_as",
            field=models.CharField(blank=True, help_text="In which role, in words.", max_length=40),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="role",
            field=models.CharField(
                blank=True, help_text="Which staff roles may sign, with spaces between.", max_length=80
            ),
        ),
    ]
