"""Reactions without names by day, partitioned by month of `day`."""

from django.db import migrations, models

CREATE = """
CREATE TABLE connectors_anonymousday (
    day date NOT NULL,
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 99),
    -- More than the network can have counted in a day is a misreading of ours.
    added bigint NOT NULL CHECK (added BETWEEN 0 AND 10000000000000),
    removed bigint NOT NULL CHECK (removed BETWEEN 0 AND 10000000000000),
    PRIMARY KEY (day, account_id, post_id, kind)
) PARTITION BY RANGE (day);
-- First scores of one person, export and erasure: an account's days.
CREATE INDEX connectors_anonymousday_account ON connectors_anonymousday (account_id, day);
"""
FIELDS = [
    ("pk", models.CompositePrimaryKey("day", "account_id", "post_id", "kind", primary_key=True)),
    ("day", models.DateField()),
    ("account_id", models.BigIntegerField()),
    ("post_id", models.BigIntegerField()),
    ("kind", models.SmallIntegerField()),
    ("added", models.BigIntegerField()),
    ("removed", models.BigIntegerField()),
]


class Migration(migrations.Migration):
    dependencies = [("connectors", "0004_spending")]
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE connectors_anonymousday"),
        migrations.CreateModel(
            name="AnonymousDay",
            fields=FIELDS,
            options={"db_table": "connectors_anonymousday", "managed": False},
        ),
    ]
