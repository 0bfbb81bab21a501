"""Steps that there were stay asked: each pathway's in one group, all of them."""

from django.db import migrations


def into_groups(apps, schema_editor):
    Group = apps.get_model("certificates", "RequirementGroup")
    for step in apps.get_model("certificates", "Requirement").objects.filter(group=None).order_by("pathway_id", "order"):
        step.group, _ = Group.objects.get_or_create(pathway_id=step.pathway_id, key="steps")
        step.key = f"step-{step.order}"
        step.save(update_fields=["group", "key"])


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_pathway_steps")]
    operations = [migrations.RunPython(into_groups, migrations.RunPython.noop)]
