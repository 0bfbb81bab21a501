
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0007_drafts_and_arrivals'),
    ]

    operations = [
        migrations.AddField(
            model_name='courseversion',
            name='finish',
            field=models.CharField(choices=[('all', 'every lesson'), ('any', 'some of the lessons'), ('mark', 'every lesson, with a pass mark')], default='all', max_length=4),
        ),
        migrations.AddField(
            model_name='courseversion',
            name='finish_needed',
            field=models.PositiveSmallIntegerField(default=0, help_text='How many lessons, or per cent.'),
        ),
        migrations.AddField(
            model_name='courseversion',
            name='marks_needed',
            field=models.PositiveIntegerField(default=0, help_text='Hundredths that answers must bring.'),
        ),
        migrations.AddField(
            model_name='itemstate',
            name='watched',
            field=models.JSONField(blank=True, default=dict, help_text='Of a video: the seconds that were watched, and the last of them.'),
        ),
        migrations.AddField(
            model_name='round',
            name='finish',
            field=models.CharField(choices=[('all', 'every lesson'), ('any', 'some of the lessons'), ('mark', 'every lesson, with a pass mark')], default='all', max_length=4),
        ),
        migrations.AddField(
            model_name='round',
            name='finish_needed',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='marks_missing',
            field=models.PositiveIntegerField(default=0, help_text='Hundredths still to come to the pass mark.'),
        ),
        migrations.AlterField(
            model_name='courseversion',
            name='required_total',
            field=models.PositiveIntegerField(help_text='How many items must be done, or lessons if any will do.'),
        ),
        migrations.AlterField(
            model_name='learningevent',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('read', 'read to the end'), ('answered', 'answered'), ('tried', 'tried, and not passed yet'), ('passed', 'passed'), ('skipped', 'left out for now'), ('finished', 'came to an ending'), ('watched', 'watched, or read instead'), ('attended', 'been at a live session'), ('marked', 'marked as done by staff')], max_length=10),
        ),
    ]
