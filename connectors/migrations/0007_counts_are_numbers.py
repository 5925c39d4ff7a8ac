"""Counts of accounts and posts are numbers that can be true, or unknown."""

from django.db import migrations

# A text or a number below 0 here would stop the scoring of everybody.
_CHECK = """
ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (
    jsonb_typeof(counts) = 'object' AND NOT jsonb_path_exists(counts,
        'strict $.* ? (@.type() != "null" && (@.type() != "number" || @ < 0 || @ > 10000000000000))')
) NOT VALID;
ALTER TABLE {table} VALIDATE CONSTRAINT {name};
"""


def _check(table: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        _CHECK.format(table=table, name=name), f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    )


class Migration(migrations.Migration):
    dependencies = [("connectors", "0006_sent_interactions")]
    operations = [
        _check("connectors_snapshot", "snapshot_counts"),
        _check("connectors_post", "post_counts"),
    ]
