"""Words that are spelled like another, by an index that leaves out early what is too unlike.

The limit of pg_trgm is a setting of the session, 0.3 by default; scoring.search has use for 0.36
and more (LEAST_ALIKE), which is half as many words to look at. As a function with its own value
nothing else of the session is changed.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION scoring_words_alike(wanted text, swapped text[], swapped_alike real, most integer)
RETURNS TABLE (word text, alike real) LANGUAGE sql STABLE
SET pg_trgm.similarity_threshold = 0.36 AS $$
    SELECT w.word, greatest(similarity(w.word, wanted),
                            CASE WHEN w.word = ANY(swapped) THEN swapped_alike END) AS alike
      FROM scoring_searchword w WHERE w.word % wanted OR w.word = ANY(swapped)
     ORDER BY alike DESC, w.word LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = (("scoring", "0009_page_versions"),)
    operations = (
        migrations.RunSQL(
            FUNCTION, "DROP FUNCTION scoring_words_alike(text, text[], real, integer)"
        ),
    )
