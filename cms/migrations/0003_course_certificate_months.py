import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0002_question_banks'),
    ]

    operations = [
        migrations.AddField(
            model_name='coursepage',
            name='certificate_months',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How many months its certificate holds. Leave it empty for no end date.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)]),
        ),
    ]
