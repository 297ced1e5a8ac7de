"""What tables hold of the hub itself: what was done, its plans, its places; people stand in their words at most."""

from app.domain.people.holding import Fate, Holding, Says, codes, texts

KEY = "Keys are kept as hashes only: there is nothing to read in them."
PLACE = "It is about places, days and forms, and not about people."

SCHOOL = "name la_name kind status phase ofsted street locality address3 town county postcode website phone"

OF_THE_HUB: tuple[Holding, ...] = (
    # What was done.
    Holding(
        table="trail_entry",
        says="What was done, and by whom",
        whose="person_id",
        at="at",
        record="trail",
        fate=Fate.FORGOTTEN,
        because="The chain must hold: when something was done stays, with its hash; by whom and to whom goes.",
        words=codes("did source browser kind thing_id salt content previous hash")
        | texts("about facts who before after"),
        left_out=(
            "salt",
            "content",
            "previous",
            "hash",
            "number",
            "thing_id",
            "facts",
            "before",
            "after",
            "account_id",
        ),
    ),
    Holding(table="trail_end", because=KEY, words=codes("hash")),
    Holding(
        table="import",
        because="Files that the hub's office brought in; what came of them is what stands on this page.",
        record="imports",
        words=texts("file_name options report", "kind sha256 status"),
    ),
    Holding(
        table="proposal",
        because="Plans of a whole year; what came of them is what you are booked at.",
        record="proposals",
        words=texts("problem names plan judgement progress because exceptions choices", "status favours"),
    ),
    Holding(
        table="forming",
        because="Groups of a year on their way; what came of them are Work Groups.",
        record="proposals",
        words=texts("problem names plan moved steps progress because told", "status"),
    ),
    Holding(
        table="date_ask",
        says="That you were asked about dates of a plan",
        whose="person_id",
        at="asked_at",
        fate=Fate.DELETED,
        words=codes(""),
        left_out=("version",),
    ),
    Holding(
        table="date_answer",
        says="Whether you could come to dates that were proposed",
        whose="person_id",
        at="answered_at",
        record="answers",
        fate=Fate.DELETED,
        words=texts("", "answer slot how", own="because"),
    ),
    Holding(
        table="date_refused",
        says="Days on which you said you cannot",
        whose="person_id",
        record="answers",
        fate=Fate.DELETED,
        words=codes(""),
    ),
    Holding(
        table="webhook_delivery",
        because="What the hub's own programs were told, for thirty days.",
        words=texts("body tries", "kind state"),
    ),
    Holding(table="webhook", because=PLACE, words=codes("address kinds")),
    # The hub and its schools.
    Holding(table="hub", because=PLACE, words=codes("code") | texts("name controller privacy_contact privacy_notice")),
    Holding(table="retention", because=PLACE, words=codes("kind")),
    Holding(table="hub_year", because=PLACE, words=codes("weights")),
    Holding(table="closure", because=PLACE, words=texts("name")),
    Holding(
        table="programme",
        because=PLACE,
        words=codes("kind code visit_half_terms observation_half_terms") | texts("name people led_by head_attends"),
    ),
    Holding(table="specialist_cohort", because=PLACE, words=texts("notes")),
    Holding(
        table="school",
        because="Public facts from the register of schools; no head's name is kept.",
        words=codes("", **dict.fromkeys(SCHOOL.split(), Says.PUBLIC)),
    ),
    Holding(table="school_link", because="Public facts from the register of schools.", words={"kind": Says.PUBLIC}),
    Holding(table="hub_school", because=PLACE, words=codes("maths rather_not_host") | texts("notes")),
    Holding(table="school_day", because=PLACE, words=codes("kind") | texts("name")),
    Holding(table="calendar", because=PLACE, words=texts("name")),
    Holding(table="calendar_day", because=PLACE, words=codes("kind") | texts("name")),
    Holding(table="half_term", because=PLACE),
    Holding(
        table="work_group",
        because="What you take part in is among your Work Groups.",
        words=codes("code half_terms weekday_cost") | texts("name joining_link"),
    ),
    Holding(table="group_school", because=PLACE),
    Holding(
        table="visit_series", because="What comes of it is among what you are booked at.", words=codes("half_terms")
    ),
    Holding(
        table="event",
        because="What you are booked at is shown by your bookings.",
        words=codes("slot_key kind status slot uid shown") | texts("joining_link notes") | {"piece": Says.MADE},
    ),
)
