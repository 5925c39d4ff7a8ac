"""The names that people are found by: a row for each word of each listed person's names.

Triggers keep them exact, whoever writes a person or an account: in one transaction with the change,
a private, renamed or erased person is found no more. Times (hidden until, expires at) are asked of
the person's own row by scoring.search.
"""

from django.db import migrations

FUNCTIONS = r"""
-- A text as it is searched: without case, accents and signs; words apart by one space.
CREATE FUNCTION scoring_folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(regexp_replace(
        replace(replace(replace(replace(translate(
            lower(normalize($1, NFKD)), 'øłđðħıŧĸŋ', 'olddhitkn'),
            'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th'),
        E'[\u0300-\u036f]', '', 'g'),
        E'[^[:alnum:]]+', ' ', 'g'))
$$;

-- The entries of a listed person: the text of all names, begun at each word of name and handle in
-- turn, so that one index finds every word and holds the others for a look at them. Each ends with
-- a space. None for anybody else.
CREATE FUNCTION scoring_search_entries(bigint) RETURNS TABLE (entry text)
LANGUAGE sql STABLE AS $$
    WITH name AS (
        SELECT 0 AS place, scoring_folded(p.name) AS words, '' AS server
          FROM people_person p WHERE p.id = $1
        UNION ALL
        SELECT a.id, scoring_folded(a.name), '' FROM connectors_account a
         WHERE a.person_id = $1 AND a.status <> 'unlinked'
        UNION ALL
        -- @name@server; a name that is a domain (Bluesky) is known by its first part.
        SELECT a.id, scoring_folded(split_part(a.written, a.sign, 1)),
               scoring_folded(substr(a.written, length(split_part(a.written, a.sign, 1)) + 1))
          FROM (SELECT id, ltrim(handle, '@') AS written,
                       CASE network WHEN 'bluesky' THEN '.' ELSE '@' END AS sign
                  FROM connectors_account
                 WHERE person_id = $1 AND status <> 'unlinked') AS a
    ), written AS (
        SELECT DISTINCT ON (words) place, left(words, 100) AS words, left(server, 60) AS server
          FROM name WHERE words <> '' ORDER BY words, place
    ), begun AS (
        SELECT words, server, string_to_array(words, ' ') AS word FROM written
    ), turned AS (
        SELECT array_to_string(word[n:], ' ') AS first,
               concat_ws(' ', array_to_string(word[:n - 1], ' '), nullif(server, '')) AS rest, words
          FROM begun, generate_series(1, least(cardinality(word), 6)) AS n
    )
    SELECT DISTINCT left(concat_ws(' ', first, nullif(rest, ''), others.words), 240) || ' '
      FROM turned t
      LEFT JOIN LATERAL (SELECT string_agg(w.words, ' ' ORDER BY w.place) AS words FROM written w
                          WHERE w.words <> t.words) AS others ON true
     WHERE EXISTS (SELECT FROM people_person WHERE id = $1 AND visibility = 'public')
     LIMIT 40
$$;

-- The newest score of a person as the entries are ordered by it: whole points, 0 without one.
CREATE FUNCTION scoring_search_points(bigint) RETURNS smallint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT round(value) FROM scoring_score
                      WHERE person_id = $1 AND shown ORDER BY day DESC LIMIT 1), 0)::smallint
$$;

CREATE FUNCTION scoring_search_renew(bigint) RETURNS void LANGUAGE sql AS $$
    DELETE FROM scoring_searchentry WHERE person_id = $1;
    INSERT INTO scoring_searchentry (person_id, entry, points)
    SELECT $1, e.entry, scoring_search_points($1) FROM scoring_search_entries($1) AS e;
$$;

CREATE FUNCTION scoring_search_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Most people are not listed, and what is not listed has no entries to renew.
    IF NEW.visibility = 'public' OR TG_OP = 'UPDATE' THEN
        PERFORM scoring_search_renew(NEW.id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION scoring_search_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM scoring_search_renew(OLD.person_id);
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.person_id <> OLD.person_id) THEN
        PERFORM scoring_search_renew(NEW.person_id);
    END IF;
    RETURN NULL;
END $$;

-- Its accounts go first and renew the entries of a person who goes too.
CREATE FUNCTION scoring_search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM scoring_searchentry WHERE person_id = OLD.id;
    RETURN OLD;
END $$;

CREATE TRIGGER scoring_search_gone BEFORE DELETE ON people_person
    FOR EACH ROW EXECUTE FUNCTION scoring_search_forget();
CREATE TRIGGER scoring_search_new AFTER INSERT ON people_person
    FOR EACH ROW EXECUTE FUNCTION scoring_search_of_person();
CREATE TRIGGER scoring_search_changed AFTER UPDATE OF name, visibility ON people_person
    FOR EACH ROW WHEN ((OLD.name, OLD.visibility) IS DISTINCT FROM (NEW.name, NEW.visibility))
    EXECUTE FUNCTION scoring_search_of_person();
CREATE TRIGGER scoring_search_new AFTER INSERT OR DELETE ON connectors_account
    FOR EACH ROW EXECUTE FUNCTION scoring_search_of_account();
CREATE TRIGGER scoring_search_changed
    AFTER UPDATE OF name, handle, status, person_id ON connectors_account
    FOR EACH ROW WHEN ((OLD.name, OLD.handle, OLD.status, OLD.person_id)
                       IS DISTINCT FROM (NEW.name, NEW.handle, NEW.status, NEW.person_id))
    EXECUTE FUNCTION scoring_search_of_account();
"""

# Everybody who is listed already.
FILL = """
INSERT INTO scoring_searchentry (person_id, entry, points)
SELECT p.id, e.entry, scoring_search_points(p.id)
  FROM people_person p, scoring_search_entries(p.id) AS e
"""
DROP = """
DROP TRIGGER scoring_search_gone ON people_person;
DROP TRIGGER scoring_search_new ON people_person;
DROP TRIGGER scoring_search_changed ON people_person;
DROP TRIGGER scoring_search_new ON connectors_account;
DROP TRIGGER scoring_search_changed ON connectors_account;
DROP FUNCTION scoring_search_of_person, scoring_search_of_account, scoring_search_forget, scoring_search_renew,
    scoring_search_entries, scoring_search_points, scoring_folded;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0006_search"),
        ("people", "0001_initial"),
        ("connectors", "0007_counts_are_numbers"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
