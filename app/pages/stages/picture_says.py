"""What each chart of the hub's picture shows, in a sentence or two: what a screen reader tells in its place."""

from collections import Counter
from collections.abc import Iterable

from app.domain.stages.ladder import Stage
from app.domain.stages.picture import LEFT, NEW, Count, Flow, Picture
from app.domain.stages.picture_map import RINGS, away
from app.kit.periods import spoken_year
from app.render.html import plural

FAR = max(RINGS)


def of_map(picture: Picture) -> str:
    """How many schools in which stage, and how many are far from whoever leads them."""
    if not picture.schools:
        return f"No school works with the hub in {spoken_year(picture.year)} yet."
    inside = [school for school in picture.schools if school.in_year]
    stages = Counter(school.stage for school in inside if school.stage)
    parts = ", ".join(f"{stages[stage]} in {stage.says}" for stage in Stage if stages[stage])
    said = f"{len(inside)} of {plural(len(picture.schools), 'school')} {'takes' if len(inside) == 1 else 'take'} part"
    said += f": {parts}." if parts else "."
    far = len({urn for (_, urn), minutes in away(picture).items() if minutes > FAR})
    if far:
        lie = "lies" if far == 1 else "lie"
        said += f" {plural(far, 'school')} {lie} more than {FAR} minutes from where their Work Group's leader is based."
    return said


def of_strip(picture: Picture) -> str:
    """Of the year's meetings and visits, how many were held and are overdue."""
    if not picture.groups:
        return f"No Work Group meets in {spoken_year(picture.year)} yet."
    meetings = _held((one for group in picture.groups for one in group.meetings), "meeting")
    visits = _held((one for group in picture.groups for one in group.visits), "visit")
    return f"{meetings} {visits} A tick: all held. An exclamation mark: over, and nobody said it was held."


def _held(counts: Iterable[Count], kind: str) -> str:
    every = list(counts)
    stands, held, missed = (sum(getattr(one, name) for one in every) for name in ("stands", "held", "missed"))
    return f"{held} of {plural(stands, kind)} held" + (f", {missed} overdue." if missed else ".")


def of_flow(picture: Picture) -> str:
    """How many came, moved and left from last year to this one."""
    flows = [flow for flow in picture.flows if flow.year == picture.year]
    if not flows:
        return f"No school is enrolled in {spoken_year(picture.year)} yet."
    moved = sum(flow.count for flow in flows if flow.source not in {NEW, flow.target} and flow.target != LEFT)
    new, left = _of(flows, source=NEW), _of(flows, target=LEFT)
    stayed = sum(flow.count for flow in flows if flow.source == flow.target)
    years = f"From {spoken_year(picture.year - 1)} to {spoken_year(picture.year)}"
    return (
        f"{years} {plural(new, 'school is', 'schools are')} new or back (+), {moved} moved to another stage, "
        f"{stayed} stayed in theirs, {left} no longer {'takes' if left == 1 else 'take'} part (\N{MINUS SIGN})."
    )


def _of(flows: Iterable[Flow], *, source: str = "", target: str = "") -> int:
    return sum(flow.count for flow in flows if (source and flow.source == source) or (target and flow.target == target))


def of_survival(picture: Picture) -> str:
    """Of all that began in an earlier year, how many take part."""
    older = [cohort for cohort in picture.cohorts if len(cohort.stays) > 1]
    if not older:
        return "How many schools stay will be seen once the first of them are a year in."
    began, stay = sum(one.stays[0] for one in older), sum(one.stays[-1] for one in older)
    since = spoken_year(older[0].year)
    take = "takes" if stay == 1 else "take"
    last = spoken_year(older[0].year + len(older[0].stays) - 1)
    return (
        f"Of {plural(began, 'school')} that began from {since} to {spoken_year(older[-1].year)}, {stay} {take} part in "
        f"{last}. A line for each year in which schools began: how many of them still took part."
    )


def each(picture: Picture) -> str:
    """Every cohort in words, for whoever hears the drawing."""
    told = [f"{spoken_year(one.year)}: {one.stays[-1]} of {one.stays[0]}" for one in picture.cohorts if one.stays]
    return f"{'; '.join(told)}."


def of_visits(picture: Picture) -> str:
    """Visits held of those allowed, overdue, and schools at risk."""
    every = picture.visits
    if not any(one.allowed for one in every):
        return f"No programme gives a school visits in {spoken_year(picture.year)}."
    held, allowed, booked = (sum(getattr(one, name) for one in every) for name in ("held", "allowed", "booked"))
    overdue, risk = sum(one.overdue for one in every), sum(one.at_risk for one in every)
    late = f" {plural(overdue, 'visit is', 'visits are')} overdue." if overdue else " None is overdue."
    risky = "may not get all theirs before the year ends" if risk else "is at risk of missing any"
    schools = plural(risk, "school") if risk else "No school"
    return f"{held} of {plural(allowed, 'visit')} held and {booked} booked.{late} {schools} {risky}."


def of_barriers(picture: Picture) -> str:
    """Open barriers, how many are heavy, how many are over their day."""
    total = sum(one.count for one in picture.barriers)
    if not total:
        return "No barrier is open. Visits and system conditions reviews find them; a leader owns each."
    high = sum(one.count for one in picture.barriers if one.weight == "high")
    late = sum(one.overdue for one in picture.barriers)
    is_open = plural(total, "barrier is", "barriers are")
    return f"{is_open} open: {high} of high weight, {late} past {'its' if late == 1 else 'their'} day."


def of_flags(picture: Picture) -> str:
    """How many schools some rule speaks of, and the rule that speaks most."""
    if not picture.flags:
        return "No rule speaks of any school today."
    schools = len({one.urn for one in picture.flags})
    name, count = Counter(one.name for one in picture.flags).most_common(1)[0]
    most = f"most often: {name} ({count})"
    return f"Rules of risk speak of {plural(schools, 'school')}, {most}. They never speak of a person."
