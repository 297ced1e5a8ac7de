"""The trail's entries are numbered and chained, hub by hub, as their transaction commits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(), nullable=False, server_default=""),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False, server_default=""),
        sa.Column("browser", sa.String(), nullable=False, server_default=""),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("thing_id", sa.String(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=False, server_default=""),
        sa.Column("previous", sa.String(), nullable=False, server_default=""),
        sa.Column("hash", sa.String(), nullable=False, server_default=""),
    )


# The text that is digested must stay what it is: app/store/trail.py writes the same, and docs/decisions/0012 explains it.
CONTENT = "jsonb_build_array(one.salt, one.who, one.person_id, one.about, one.facts, one.before, one.after)::text"
LINK = """jsonb_build_array(before_it, one.hub_id, place, one.id,
    to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    one.did, one.kind, one.thing_id, one.source, one.browser, one.content)::text"""

CHAIN = f"""
    CREATE FUNCTION trail_chain_hub(here uuid) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    DECLARE
        one trail_entry%ROWTYPE;
        place bigint;
        before_it text;
    BEGIN
        INSERT INTO trail_end (hub_id, number, hash)
            SELECT here, coalesce(max(e.number), 0),
                   coalesce((SELECT l.hash FROM trail_entry l WHERE l.hub_id = here AND l.number IS NOT NULL
                             ORDER BY l.number DESC LIMIT 1), '')
            FROM trail_entry e WHERE e.hub_id = here
            HAVING NOT EXISTS (SELECT FROM trail_end t WHERE t.hub_id = here)
            ON CONFLICT DO NOTHING;
        SELECT t.number, t.hash INTO place, before_it FROM trail_end t WHERE t.hub_id = here FOR UPDATE;
        FOR one IN SELECT * FROM trail_entry e WHERE e.hub_id = here AND e.number IS NULL ORDER BY e.at, e.id LOOP
            place := place + 1;
            one.salt := replace(gen_random_uuid()::text, '-', '');
            one.content := encode(sha256(convert_to({CONTENT}, 'UTF8')), 'hex');
            one.previous := before_it;
            one.hash := encode(sha256(convert_to({LINK}, 'UTF8')), 'hex');
            UPDATE trail_entry SET number = place, salt = one.salt, content = one.content,
                previous = one.previous, hash = one.hash WHERE id = one.id;
            before_it := one.hash;
        END LOOP;
        UPDATE trail_end SET number = place, hash = before_it WHERE hub_id = here AND number <> place;
    END $$
"""

# Whoever is bound by the wall sees this hub while its entries are chained, whatever the transaction looked at last.
# Hubs are taken in one order, and all at once, so two transactions cannot wait for each other.
AT_COMMIT = """
    CREATE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        seen text := coalesce(current_setting('app.hubs', true), '');
        here uuid;
    BEGIN
        PERFORM set_config('app.hubs', concat_ws(',', nullif(seen, ''), NEW.hub_id::text), true);
        IF EXISTS (SELECT FROM trail_entry WHERE id = NEW.id AND number IS NULL) THEN
            FOR here IN SELECT DISTINCT hub_id FROM trail_entry WHERE number IS NULL ORDER BY hub_id LOOP
                PERFORM trail_chain_hub(here);
            END LOOP;
        END IF;
        PERFORM set_config('app.hubs', seen, true);
        RETURN NULL;
    END $$
"""

# A hub that is brought in comes with its numbers; where a chain has begun, only the chain gives them.
NO_FORGERY = """
    CREATE FUNCTION trail_unnumbered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.number IS NULL THEN
            NEW.salt := NULL;
            NEW.content := '';
            NEW.previous := '';
            NEW.hash := '';
        ELSIF EXISTS (SELECT FROM trail_end WHERE hub_id = NEW.hub_id) THEN
            RAISE EXCEPTION 'permission denied: the trail numbers its own entries' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END $$
"""

# What the law wants forgotten goes; its digest stays, so the chain holds. Only hubs that the transaction sees.
FORGET = """
    CREATE FUNCTION trail_forget(entries uuid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
        WITH gone AS (
            UPDATE trail_entry SET salt = NULL, who = '', person_id = NULL, about = '', facts = '{}',
                "before" = NULL, "after" = NULL
            WHERE id = ANY (entries) AND hub_id = ANY (app_hubs()) AND number IS NOT NULL RETURNING 1)
        SELECT count(*) FROM gone
    $$
"""


def upgrade() -> None:
    for column in columns():
        op.add_column("trail_entry", column)
    op.create_table(
        "trail_end",
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_trail_end_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hub_id", name=op.f("pk_trail_end")),
    )
    op.execute("REVOKE INSERT, UPDATE, DELETE ON trail_end FROM halfterm_app")
    for says in (CHAIN, AT_COMMIT, NO_FORGERY, FORGET):
        op.execute(says)
    for called in ("trail_chain_hub(uuid)", "trail_chain()", "trail_unnumbered()", "trail_forget(uuid[])"):
        op.execute(f"REVOKE ALL ON FUNCTION {called} FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION trail_forget(uuid[]), trail_unnumbered(), trail_chain() TO halfterm_app")
    _chain_what_is_there()
    own = "hub_id = ANY ((SELECT app_hubs())::uuid[])"
    op.execute("ALTER TABLE trail_end ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE trail_end FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_hubs ON trail_end USING ({own}) WITH CHECK ({own})")
    op.create_index("trail_in_order", "trail_entry", ["hub_id", "number"], unique=True)
    op.create_index(
        "trail_unchained", "trail_entry", ["hub_id"], unique=False, postgresql_where=sa.text("number IS NULL")
    )
    op.create_index("trail_of_thing", "trail_entry", ["hub_id", "thing_id"], unique=False)
    op.execute("""
        CREATE TRIGGER trail_unnumbered BEFORE INSERT ON trail_entry
        FOR EACH ROW EXECUTE FUNCTION trail_unnumbered()
    """)
    op.execute("""
        CREATE CONSTRAINT TRIGGER trail_chain AFTER INSERT ON trail_entry DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION trail_chain()
    """)


def _chain_what_is_there() -> None:
    """What is known of older entries is written beside them before they are chained, hub by hub."""
    walled = ("trail_entry", "person", "hub")
    for table in walled:  # an owner who is no superuser is bound by the wall too
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("""
        UPDATE trail_entry e SET
            who = coalesce((SELECT p.name FROM person p WHERE p.account_id = e.account_id AND p.hub_id = e.hub_id
                            ORDER BY p.id LIMIT 1),
                           (SELECT a.email FROM account a WHERE a.id = e.account_id), 'Halfterm'),
            person_id = (SELECT p.id FROM person p WHERE p.account_id = e.account_id AND p.hub_id = e.hub_id
                         ORDER BY p.id LIMIT 1),
            "before" = CASE WHEN jsonb_typeof(e.facts->'before') = 'object' THEN e.facts->'before' END,
            "after" = CASE WHEN jsonb_typeof(e.facts->'after') = 'object' THEN e.facts->'after' END,
            kind = CASE WHEN e.facts ? 'event' THEN 'event' WHEN e.facts ? 'group' THEN 'group'
                        WHEN e.facts ? 'proposal' THEN 'plan' WHEN e.facts ? 'person' THEN 'person'
                        WHEN e.facts ? 'urn' THEN 'school' END,
            thing_id = coalesce(e.facts->>'event', e.facts->>'group', e.facts->>'proposal', e.facts->>'person',
                                e.facts->>'urn')
    """)
    for (hub_id,) in op.get_bind().execute(sa.text("SELECT DISTINCT hub_id FROM trail_entry ORDER BY 1")).all():
        op.get_bind().execute(sa.text("SELECT trail_chain_hub(:hub)"), {"hub": hub_id})
    for table in walled:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("DROP TRIGGER trail_chain ON trail_entry")
    op.execute("DROP TRIGGER trail_unnumbered ON trail_entry")
    for called in ("trail_forget(uuid[])", "trail_unnumbered()", "trail_chain()", "trail_chain_hub(uuid)"):
        op.execute(f"DROP FUNCTION {called}")
    for index in ("trail_of_thing", "trail_unchained", "trail_in_order"):
        op.drop_index(index, table_name="trail_entry")
    op.drop_table("trail_end")
    for column in reversed(columns()):
        op.drop_column("trail_entry", column.name)
