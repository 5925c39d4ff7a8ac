"""The four big tables of the score, partitioned by month of `day`."""

from django.db import migrations

CREATE = """
CREATE TABLE scoring_pairday (
    day date NOT NULL,
    account_id bigint NOT NULL,
    reactor_key bigint NOT NULL,
    kind smallint NOT NULL,
    trust_class smallint NOT NULL CHECK (trust_class BETWEEN 0 AND 7),
    count integer NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, account_id, reactor_key, kind)
) PARTITION BY RANGE (day);
-- scoring.daily: first scores of one account read its own pairs only.
CREATE INDEX scoring_pairday_account ON scoring_pairday (account_id, day);

CREATE TABLE scoring_postday (
    day date NOT NULL,
    account_id bigint NOT NULL,
    post_id bigint NOT NULL,
    kind smallint NOT NULL,
    trust_class smallint NOT NULL CHECK (trust_class BETWEEN 0 AND 7),
    people integer NOT NULL CHECK (people > 0),
    PRIMARY KEY (day, account_id, post_id, kind, trust_class)
) PARTITION BY RANGE (day);
CREATE INDEX scoring_postday_account ON scoring_postday (account_id, day);

CREATE TABLE scoring_score (
    day date NOT NULL,
    person_id bigint NOT NULL,
    model_version varchar(32) NOT NULL,
    -- NaN sorts above every number, so the upper bounds refuse it too.
    value double precision NOT NULL CHECK (value >= 1 AND value <= 100),
    low double precision NOT NULL CHECK (low >= 1 AND low <= value),
    high double precision NOT NULL CHECK (high >= value AND high <= 100),
    provisional boolean NOT NULL,
    mass double precision NOT NULL CHECK (mass >= 0 AND mass <= 1e300),
    shown boolean NOT NULL,
    trust_class smallint NOT NULL DEFAULT 0 CHECK (trust_class BETWEEN 0 AND 7),
    PRIMARY KEY (day, person_id, model_version)
) PARTITION BY RANGE (day);
-- score_history: one person's days.
CREATE INDEX scoring_score_person ON scoring_score (person_id, day DESC);

CREATE TABLE scoring_explanation (
    day date NOT NULL,
    person_id bigint NOT NULL,
    model_version varchar(32) NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (day, person_id, model_version)
) PARTITION BY RANGE (day);
"""
DROP = "DROP TABLE scoring_pairday, scoring_postday, scoring_score, scoring_explanation"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
