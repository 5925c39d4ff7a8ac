"""The interactions' table, partitioned by month of `day`."""

from django.db import migrations

CREATE = """
CREATE TABLE connectors_interaction (
    day date NOT NULL,
    account_id bigint NOT NULL,
    dedupe_key bigint NOT NULL,
    direction smallint NOT NULL,
    kind smallint NOT NULL,
    provenance smallint NOT NULL,
    reactor_key bigint NOT NULL,
    post_id bigint,
    reactor_followers bigint CHECK (reactor_followers >= 0),
    happened_at timestamptz,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (day, account_id, dedupe_key)
) PARTITION BY RANGE (day);
-- connectors.store: is this interaction already here, on whatever day?
CREATE INDEX connectors_interaction_known ON connectors_interaction (account_id, dedupe_key);
"""


class Migration(migrations.Migration):
    dependencies = [("connectors", "0002_initial")]
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE connectors_interaction"),
    ]
