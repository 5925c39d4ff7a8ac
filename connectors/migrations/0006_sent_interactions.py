"""An index of what accounts sent: the scoring reads two months of it, and of nothing else."""

from django.db import migrations

# scoring.servers: who acted on accounts of which server.
CREATE = """
CREATE INDEX connectors_interaction_sent ON connectors_interaction (day, account_id, reactor_key)
 WHERE direction = 2
"""


class Migration(migrations.Migration):
    dependencies = [("connectors", "0005_anonymous_days")]
    operations = [
        migrations.RunSQL(CREATE, "DROP INDEX connectors_interaction_sent"),
    ]
