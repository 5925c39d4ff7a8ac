"""Who gave us access to an account, in the network's numbers: what it calls back with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectors", "0007_counts_are_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="granted_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("granted_by", ""), _negated=True),
                fields=["network", "granted_by"],
                name="account_granted_by",
            ),
        ),
    ]
