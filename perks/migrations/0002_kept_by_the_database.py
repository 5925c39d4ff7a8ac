"""Stock, and the audit, are kept by triggers: whoever writes, they are right."""

from django.db import migrations

STOCK = """
-- A claim that holds one of the stock counts in `taken`. The CHECK on the perk refuses the claim
-- that would be one too many, and whoever comes second waits for the first one's transaction.
CREATE FUNCTION perks_follow_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held integer := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state IN ('offered', 'claimed', 'used') THEN
        held := -1;
        IF TG_OP = 'UPDATE' AND NEW.perk_id <> OLD.perk_id THEN
            RAISE EXCEPTION 'a claim stays with its perk';
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state IN ('offered', 'claimed', 'used') THEN
        held := held + 1;
    END IF;
    IF held <> 0 THEN
        UPDATE perks_perk SET taken = taken + held WHERE id = coalesce(NEW.perk_id, OLD.perk_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER perks_claim_counted AFTER INSERT OR UPDATE OR DELETE ON perks_claim
    FOR EACH ROW EXECUTE FUNCTION perks_follow_claims();

-- The stock of a perk with codes is how many codes it has; by statement, for uploads.
CREATE FUNCTION perks_follow_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE perks_perk p SET stock = stock + n.count
          FROM (SELECT perk_id, count(*) AS count FROM added GROUP BY 1) AS n
         WHERE p.id = n.perk_id;
    ELSE
        UPDATE perks_perk p SET stock = stock - n.count
          FROM (SELECT perk_id, count(*) AS count FROM removed GROUP BY 1) AS n
         WHERE p.id = n.perk_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER perks_codes_added AFTER INSERT ON perks_code
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION perks_follow_codes();
CREATE TRIGGER perks_codes_removed AFTER DELETE ON perks_code
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION perks_follow_codes();

-- A code belongs to one perk and stays what it is; encrypting it anew is no change of it.
CREATE FUNCTION perks_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a code stays with its perk';
END $$;
CREATE TRIGGER perks_code_fixed BEFORE UPDATE ON perks_code FOR EACH ROW
    WHEN (OLD.perk_id <> NEW.perk_id OR OLD.key_hash <> NEW.key_hash)
    EXECUTE FUNCTION perks_code_stays();
"""
UNDO_STOCK = """
DROP TRIGGER perks_code_fixed ON perks_code;
DROP TRIGGER perks_codes_removed ON perks_code;
DROP TRIGGER perks_codes_added ON perks_code;
DROP TRIGGER perks_claim_counted ON perks_claim;
DROP FUNCTION perks_code_stays(), perks_follow_codes(), perks_follow_claims();
"""
AUDIT = """
-- Arguments: the column of the perk (or sponsor) that the row belongs to, then the columns whose
-- values may be written down. Other changed columns are named without their values.
CREATE FUNCTION perks_write_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    whole jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    found jsonb := '{}';
    name text;
BEGIN
    FOR name IN SELECT jsonb_object_keys(whole) LOOP
        IF name IN ('id', 'taken', 'letter', 'reminded_at')
           OR old_row -> name IS NOT DISTINCT FROM new_row -> name THEN
            CONTINUE;
        END IF;
        IF name = ANY (TG_ARGV[1:]) THEN
            found := found || jsonb_build_object(
                name, jsonb_build_array(old_row -> name, new_row -> name));
        ELSIF TG_OP = 'UPDATE' THEN
            found := found || jsonb_build_object(name, '[]'::jsonb);
        END IF;
    END LOOP;
    IF TG_OP <> 'UPDATE' OR found <> '{}' THEN
        INSERT INTO perks_change (at, by_id, "table", row_id, perk_id, what, columns)
        VALUES (now(), nullif(current_setting('perks.by', true), '')::bigint,
                substr(TG_TABLE_NAME, 7), (whole ->> 'id')::bigint,
                nullif(whole ->> TG_ARGV[0], '')::bigint, lower(TG_OP), found);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER perks_sponsor_audit AFTER INSERT OR UPDATE OR DELETE ON perks_sponsor
    FOR EACH ROW EXECUTE FUNCTION perks_write_change('', 'name', 'website', 'is_active', 'is_sample');
CREATE TRIGGER perks_member_audit AFTER INSERT OR DELETE ON perks_member
    FOR EACH ROW EXECUTE FUNCTION perks_write_change('', 'sponsor_id');
CREATE TRIGGER perks_invitation_audit AFTER INSERT OR UPDATE OR DELETE ON perks_invitation
    FOR EACH ROW EXECUTE FUNCTION perks_write_change('', 'sponsor_id', 'expires_at');
CREATE TRIGGER perks_perk_audit AFTER INSERT OR UPDATE OR DELETE ON perks_perk
    FOR EACH ROW EXECUTE FUNCTION perks_write_change(
        'id', 'sponsor_id', 'slug', 'title', 'kind', 'state', 'stock', 'claim_until', 'use_until',
        'least_score', 'most_score', 'linked_days', 'networks', 'topics', 'countries', 'least_age',
        'published_at', 'is_sample', 'picture');
CREATE TRIGGER perks_claim_audit AFTER INSERT OR UPDATE OR DELETE ON perks_claim
    FOR EACH ROW EXECUTE FUNCTION perks_write_change(
        'perk_id', 'state', 'offered_until', 'shown_at', 'address_taken_at', 'delivered_at');
CREATE TRIGGER perks_complaint_audit AFTER INSERT OR UPDATE OR DELETE ON perks_complaint
    FOR EACH ROW EXECUTE FUNCTION perks_write_change('perk_id', 'reason', 'decided_at');

-- An audit is added to. Only who did it may be taken out, when that user is erased.
CREATE FUNCTION perks_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL
       AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit of perks is only added to';
END $$;
CREATE TRIGGER perks_change_fixed BEFORE UPDATE OR DELETE ON perks_change
    FOR EACH ROW EXECUTE FUNCTION perks_change_stays();
"""
UNDO_AUDIT = """
DROP TRIGGER perks_change_fixed ON perks_change;
DROP TRIGGER perks_complaint_audit ON perks_complaint;
DROP TRIGGER perks_claim_audit ON perks_claim;
DROP TRIGGER perks_perk_audit ON perks_perk;
DROP TRIGGER perks_invitation_audit ON perks_invitation;
DROP TRIGGER perks_member_audit ON perks_member;
DROP TRIGGER perks_sponsor_audit ON perks_sponsor;
DROP FUNCTION perks_change_stays(), perks_write_change();
"""


class Migration(migrations.Migration):
    dependencies = [("perks", "0001_initial")]
    operations = [
        migrations.RunSQL(STOCK, UNDO_STOCK),
        migrations.RunSQL(AUDIT, UNDO_AUDIT),
    ]
