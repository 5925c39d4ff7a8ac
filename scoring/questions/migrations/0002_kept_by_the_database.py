"""Counts, who is suspended, and the audit are kept by triggers: whoever writes, they are right."""

from django.db import migrations

COUNTS = """
CREATE FUNCTION questions_follow_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE questions_answer SET helpful_count = helpful_count + 1 WHERE id = NEW.answer_id;
    ELSE
        UPDATE questions_answer SET helpful_count = helpful_count - 1 WHERE id = OLD.answer_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER questions_mark_counted AFTER INSERT OR DELETE ON questions_helpful
    FOR EACH ROW EXECUTE FUNCTION questions_follow_marks();

-- Of a question count the answers that everybody may read, and the marks of these.
CREATE FUNCTION questions_follow_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answers integer := 0;
    marks integer := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'shown' AND NOT OLD.is_away THEN
        answers := -1;
        marks := -OLD.helpful_count;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'shown' AND NOT NEW.is_away THEN
        answers := answers + 1;
        marks := marks + NEW.helpful_count;
    END IF;
    UPDATE questions_question q
       SET answers_count = answers_count + answers, helpful_count = helpful_count + marks,
           is_solved = EXISTS (SELECT 1 FROM questions_answer a WHERE a.question_id = q.id
                                  AND a.accepted_at IS NOT NULL AND a.state = 'shown'
                                  AND NOT a.is_away)
     WHERE id = coalesce(NEW.question_id, OLD.question_id);
    RETURN NULL;
END $$;
CREATE TRIGGER questions_answer_added AFTER INSERT OR DELETE ON questions_answer
    FOR EACH ROW EXECUTE FUNCTION questions_follow_answers();
CREATE TRIGGER questions_answer_changed AFTER UPDATE ON questions_answer FOR EACH ROW
    WHEN ((OLD.state, OLD.is_away, OLD.helpful_count, OLD.accepted_at)
          IS DISTINCT FROM (NEW.state, NEW.is_away, NEW.helpful_count, NEW.accepted_at))
    EXECUTE FUNCTION questions_follow_answers();

-- Whoever may not sign in any more is not read either.
CREATE FUNCTION questions_follow_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE questions_question SET is_away = NOT NEW.is_active WHERE author_user_id = NEW.id;
    UPDATE questions_answer SET is_away = NOT NEW.is_active WHERE author_user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER questions_user_suspended AFTER UPDATE OF is_active ON people_user FOR EACH ROW
    WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION questions_follow_users();
"""
UNDO_COUNTS = """
DROP TRIGGER questions_user_suspended ON people_user;
DROP TRIGGER questions_answer_changed ON questions_answer;
DROP TRIGGER questions_answer_added ON questions_answer;
DROP TRIGGER questions_mark_counted ON questions_helpful;
DROP FUNCTION questions_follow_users(), questions_follow_answers(), questions_follow_marks();
"""
AUDIT = """
-- Arguments: the columns that are watched and whose values are written down. None of them holds
-- words of people.
CREATE FUNCTION questions_write_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    found jsonb := '{}';
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF old_row -> name IS DISTINCT FROM new_row -> name THEN
            found := found || jsonb_build_object(
                name, jsonb_build_array(old_row -> name, new_row -> name));
        END IF;
    END LOOP;
    IF found <> '{}' THEN
        INSERT INTO questions_change (at, by_id, "table", row_id, what, columns)
        VALUES (now(), nullif(current_setting('questions.by', true), '')::bigint,
                substr(TG_TABLE_NAME, 11), (old_row ->> 'id')::bigint, lower(TG_OP), found);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER questions_question_audit AFTER UPDATE OR DELETE ON questions_question
    FOR EACH ROW EXECUTE FUNCTION questions_write_change(
        'state', 'is_away', 'hidden_why', 'cleared_at', 'objection_decided_at');
CREATE TRIGGER questions_answer_audit AFTER UPDATE OR DELETE ON questions_answer
    FOR EACH ROW EXECUTE FUNCTION questions_write_change(
        'state', 'is_away', 'hidden_why', 'cleared_at', 'objection_decided_at');
CREATE TRIGGER questions_report_audit AFTER UPDATE ON questions_report
    FOR EACH ROW EXECUTE FUNCTION questions_write_change('outcome', 'decided_at');

-- An audit is added to. Only who did it may be taken out, when that user is erased.
CREATE FUNCTION questions_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL
       AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit of questions is only added to';
END $$;
CREATE TRIGGER questions_change_fixed BEFORE UPDATE OR DELETE ON questions_change
    FOR EACH ROW EXECUTE FUNCTION questions_change_stays();
"""
UNDO_AUDIT = """
DROP TRIGGER questions_change_fixed ON questions_change;
DROP TRIGGER questions_report_audit ON questions_report;
DROP TRIGGER questions_answer_audit ON questions_answer;
DROP TRIGGER questions_question_audit ON questions_question;
DROP FUNCTION questions_change_stays(), questions_write_change();
"""


class Migration(migrations.Migration):
    dependencies = [("questions", "0001_initial")]
    operations = [
        migrations.RunSQL(COUNTS, UNDO_COUNTS),
        migrations.RunSQL(AUDIT, UNDO_AUDIT),
    ]
