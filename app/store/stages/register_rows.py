"""What of a hub's own points to a school, and which school continues which, as SQL that others build on."""

# The moment that counts, and the academic year it lies in: it begins on 1 September.
AT = """
    at AS (SELECT t, CAST(t AT TIME ZONE 'Europe/London' AS date) AS today,
        CAST(extract(year FROM (t AT TIME ZONE 'Europe/London') - interval '8 months') AS int) AS year
        FROM (SELECT coalesce(CAST(:now AS timestamptz), now()) AS t) AS clock)
"""
# All that is open or ahead: what is past stays with the school it was.
POINTING = """
    pointing AS NOT MATERIALIZED (
        SELECT 'enrolments' AS what, e.hub_id, e.urn, CAST(e.id AS text) AS id, p.name, e.year,
            CAST(NULL AS date) AS day
            FROM enrolment e JOIN programme p ON p.id = e.programme_id WHERE e.state IN ('applied', 'agreed', 'active')
        UNION ALL SELECT 'approaches', a.hub_id, a.urn, CAST(a.id AS text), a.kind, a.year, NULL
            FROM approach a, at WHERE a.enrolment_id IS NULL AND a.declined_on IS NULL AND a.year >= at.year
        UNION ALL SELECT 'dates', e.hub_id, e.urn, CAST(e.id AS text), e.kind, e.year, e.day
            FROM event e, at WHERE e.starts_at > at.t AND e.status IN ('tentative', 'confirmed')
        UNION ALL SELECT 'groups', s.hub_id, s.urn, CAST(g.id AS text), g.code, g.year, NULL
            FROM group_school s JOIN work_group g ON g.id = s.group_id, at WHERE g.year >= at.year
        UNION ALL SELECT 'participants', m.hub_id, m.urn, CAST(m.person_id AS text), p.name || ' in ' || g.code, g.year,
            NULL FROM participant m JOIN work_group g ON g.id = m.group_id JOIN person p ON p.id = m.person_id, at
            WHERE g.year >= at.year
        UNION ALL SELECT 'series', v.hub_id, v.urn, CAST(v.group_id AS text), 'Visits by ' || p.name, v.year, NULL
            FROM visit_series v JOIN person p ON p.id = v.visitor_id, at WHERE v.year >= at.year
        UNION ALL SELECT 'people', p.hub_id, p.base_urn, CAST(p.id AS text), p.name, NULL, NULL
            FROM person p WHERE p.base_urn IS NOT NULL AND p.left_on IS NULL
        UNION ALL SELECT 'heads', r.hub_id, r.urn, CAST(p.id AS text), p.name, NULL, NULL
            FROM role_held r JOIN person p ON p.id = r.person_id
            WHERE r.role = 'headteacher' AND r.urn IS NOT NULL AND p.left_on IS NULL
        UNION ALL SELECT 'invitations', j.hub_id, j.urn, CAST(j.id AS text), j.name, NULL, NULL
            FROM joining j, at WHERE j.urn IS NOT NULL AND j.state = 'waiting' AND j.expires_at > at.t
        UNION ALL SELECT 'barriers', b.hub_id, b.urn, CAST(b.id AS text), b.what, NULL, b.due
            FROM barrier b WHERE b.state = 'open'
        UNION ALL SELECT 'plans', p.hub_id, p.urn, CAST(p.id AS text), '', p.year, NULL
            FROM action_plan p, at WHERE p.year >= at.year
        UNION ALL SELECT 'years', h.hub_id, h.urn, CAST(h.id AS text), '', h.year, NULL
            FROM hub_school h, at WHERE h.year >= at.year
        UNION ALL SELECT 'days', d.hub_id, d.urn, CAST(d.id AS text), coalesce(nullif(d.name, ''), d.kind), NULL, d.day
            FROM school_day d, at WHERE d.day >= at.today
        UNION ALL SELECT DISTINCT 'claims', l.hub_id, l.urn, CAST(s.id AS text), s.reference, s.year, CAST(NULL AS date)
            FROM ledger_line l JOIN statement s ON s.id = l.statement_id WHERE s.state = 'open'
        UNION ALL SELECT 'adjustments', a.hub_id, a.urn, CAST(a.id AS text), '', a.year, a.day
            FROM adjustment a WHERE a.state = 'proposed')
"""
# The links file says it in its own words: Successor, Successor - amalgamated, and the same the other way round.
SUCCESSION = """
    succession AS NOT MATERIALIZED (
        SELECT urn, other_urn AS heir, since FROM school_link WHERE lower(kind) LIKE 'successor%'
        UNION ALL SELECT other_urn, urn, since FROM school_link WHERE lower(kind) LIKE 'predecessor%')
"""
# Whoever continues a school now: an heir that has closed as well is followed to its own.
HEIRS = """
    WITH RECURSIVE line(urn, since, far) AS (
        SELECT heir, since, 1 FROM succession WHERE succession.urn = {urn}
        UNION SELECT s.heir, s.since, far + 1 FROM line JOIN succession s ON s.urn = line.urn WHERE far < 9)
    SELECT school.urn, school.name, school.town FROM line JOIN school ON school.urn = line.urn
    WHERE lower(school.status) <> 'closed' AND school.urn <> {urn}
    ORDER BY far, since DESC NULLS LAST, school.urn
"""
