"""What scoring.profiles reads beside a person's own row, by plans that are kept for the session."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION scoring_profile_facts(who bigint, since date) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY[
        scoring_profile_version(who, since),
        (SELECT l.token FROM people_sharelink l
          WHERE l.person_id = who AND l.kind = 'image' LIMIT 1),
        (SELECT json_agg(json_build_array(a.network, a.native_id, a.handle, a.url, a.status)
                         ORDER BY a.network, a.added_at, a.id)::text
           FROM connectors_account a WHERE a.person_id = who)];
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = (("scoring", "0010_words_alike"),)
    operations = (
        migrations.RunSQL(FUNCTION, "DROP FUNCTION scoring_profile_facts(bigint, date)"),
    )
