"""Doors through which the law has words forgotten where the app may not write: notes, versions, attendance."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Every pattern's matches, whatever their case, become what stands for that kind of thing.
FORGOTTEN = """
    CREATE FUNCTION forgotten(said text, patterns text[], kinds text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE
    SET search_path = public, pg_temp AS $$
    DECLARE
        place int;
    BEGIN
        FOR place IN 1 .. coalesce(array_length(patterns, 1), 0) LOOP
            said := regexp_replace(said, patterns[place], CASE kinds[place] WHEN 'address' THEN '[address removed]'
                WHEN 'number' THEN '[number removed]' ELSE '[name removed]' END, 'gi');
        END LOOP;
        RETURN said;
    END $$
"""

# Only hubs that the transaction sees; rows are never added or taken away, and nothing but these words changes.
FORGET_WORDS = """
    CREATE FUNCTION forget_words(patterns text[], kinds text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        sought text := array_to_string(patterns, '|');
        touched bigint;
        total bigint := 0;
    BEGIN
        IF sought = '' THEN
            RETURN 0;
        END IF;
        UPDATE note_op SET value = forgotten(value::text, patterns, kinds)::jsonb
            WHERE hub_id = ANY (app_hubs()) AND value::text ~* sought;
        GET DIAGNOSTICS touched = ROW_COUNT;
        total := total + touched;
        UPDATE note_version SET content = forgotten(content::text, patterns, kinds)::jsonb,
            because = forgotten(because, patterns, kinds)
            WHERE hub_id = ANY (app_hubs()) AND (content::text ~* sought OR because ~* sought);
        GET DIAGNOSTICS touched = ROW_COUNT;
        total := total + touched;
        UPDATE attendance SET name = forgotten(name, patterns, kinds), because = forgotten(because, patterns, kinds),
            correction = forgotten(correction, patterns, kinds), organisation = forgotten(organisation, patterns, kinds)
            WHERE hub_id = ANY (app_hubs()) AND concat_ws(' ', name, because, correction, organisation) ~* sought;
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN total + touched;
    END $$
"""

# What somebody wrote for themselves alone, and why they were absent.
FORGET_OWN = """
    CREATE FUNCTION forget_own(whose uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        touched bigint;
        total bigint := 0;
    BEGIN
        UPDATE note_op SET value = 'null' WHERE hub_id = ANY (app_hubs()) AND owner_id = whose AND value <> 'null';
        GET DIAGNOSTICS touched = ROW_COUNT;
        total := total + touched;
        UPDATE attendance SET name = '', because = '', organisation = ''
            WHERE hub_id = ANY (app_hubs()) AND (person_id = whose OR guest_id = whose)
                AND concat(name, because, organisation) <> '';
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN total + touched;
    END $$
"""

# Records whose time is over keep their shape and lose their words.
FORGET_RECORDS = """
    CREATE FUNCTION forget_records(events uuid[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        touched bigint;
    BEGIN
        UPDATE note_version SET content = '[]', because = ''
            WHERE hub_id = ANY (app_hubs()) AND event_id = ANY (events) AND content <> '[]';
        UPDATE note_op SET value = 'null'
            WHERE hub_id = ANY (app_hubs()) AND event_id = ANY (events) AND value <> 'null';
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN touched;
    END $$
"""

# Why somebody was absent, or who came, when the time for that is over; with `whole` all that was said of an event.
FORGET_ATTENDANCE = """
    CREATE FUNCTION forget_attendance(events uuid[], whole boolean) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        touched bigint;
    BEGIN
        IF whole THEN
            DELETE FROM attendance WHERE hub_id = ANY (app_hubs()) AND event_id = ANY (events);
        ELSE
            UPDATE attendance SET because = '', correction = ''
                WHERE hub_id = ANY (app_hubs()) AND event_id = ANY (events) AND (because <> '' OR correction <> '');
        END IF;
        GET DIAGNOSTICS touched = ROW_COUNT;
        RETURN touched;
    END $$
"""

CALLED = (
    "forgotten(text, text[], text[])",
    "forget_words(text[], text[])",
    "forget_own(uuid)",
    "forget_records(uuid[])",
    "forget_attendance(uuid[], boolean)",
)


def upgrade() -> None:
    for says in (FORGOTTEN, FORGET_WORDS, FORGET_OWN, FORGET_RECORDS, FORGET_ATTENDANCE):
        op.execute(says)
    for called in CALLED:
        op.execute(f"REVOKE ALL ON FUNCTION {called} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {called} TO halfterm_app")


def downgrade() -> None:
    for called in reversed(CALLED):
        op.execute(f"DROP FUNCTION {called}")
