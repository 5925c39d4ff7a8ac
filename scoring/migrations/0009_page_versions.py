"""What pages of a score are kept by: one text for the versions of all rows behind one.

PostgreSQL knows for each row the transaction that wrote it (xmin) and where it lies (ctid). They
are functions because their plans are kept for the session: planning a dozen small questions over
partitioned tables anew takes five times as long as answering them.

Every sync, link and unlinking writes the account's row; it stands for the account's posts too.
Scores, explanations and moments are written together: by a run over a day for everybody, or as
somebody's first scores, whose newest day is then another row. Runs are asked for from `since` on.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION scoring_score_version(who bigint, since date) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN concat_ws('|',
        coalesce((SELECT concat(p.xmin, p.ctid) FROM people_person p WHERE p.id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM connectors_account t WHERE t.person_id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM scoring_scorerun t WHERE t.day >= since), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM scoring_modelversion t), ''),
        coalesce((SELECT concat(t.day, t.xmin, t.ctid) FROM scoring_score t
                   WHERE t.person_id = who AND t.shown ORDER BY t.day DESC LIMIT 1), ''));
END
$$;

-- My score: seen by its owner alone.
CREATE FUNCTION scoring_own_version(who bigint, since date) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN md5(concat_ws('|',
        scoring_score_version(who, since),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM people_note t WHERE t.person_id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM people_goal t WHERE t.person_id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM people_consentevent t
                   WHERE t.person_id = who AND t.what LIKE 'link:%'), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM scoring_discount t WHERE t.person_id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM scoring_appeal t WHERE t.person_id = who), '')));
END
$$;

-- A public profile.
CREATE FUNCTION scoring_profile_version(who bigint, since date) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN md5(concat_ws('|',
        scoring_score_version(who, since),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM people_sharelink t WHERE t.person_id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM topics_persontopic t WHERE t.person_id = who), ''),
        coalesce((SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)
                    FROM topics_topicchoice t WHERE t.person_id = who), '')));
END
$$;
"""
GONE = """
DROP FUNCTION scoring_profile_version(bigint, date);
DROP FUNCTION scoring_own_version(bigint, date);
DROP FUNCTION scoring_score_version(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = (("scoring", "0008_plus_k_discount"),)
    # The tables of the other apps are looked up when the functions are called.
    operations = (migrations.RunSQL(FUNCTIONS, GONE),)
