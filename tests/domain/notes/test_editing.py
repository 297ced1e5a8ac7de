"""Changing a form: keys stay, what is taken up stays, and every change can be told in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.editing.acts import ACTS, act, written
from app.domain.notes.editing.differences import differences, warnings
from app.domain.notes.editing.keys import fresh
from app.domain.notes.editing.rules import FED_BY, faults, stays, unfinished
from app.domain.notes.forms import Field, NoteForm, Option
from app.kit.errors import BadInputError, ConflictError
from app.kit.typed import Typed

FORM = DEFAULTS["meeting"]
VISIT = DEFAULTS["visit"]
VISIT_KEYS = [field.key for field in VISIT.fields()]


def typed(**said: str) -> Typed:
    return Typed({name.replace("__", "."): (text,) for name, text in said.items()})


def done(form: NoteForm, do: str, **said: str) -> NoteForm:
    return act(form, do, typed(**said), [FORM])


def test_the_forms_that_ship_could_be_published_as_they_are() -> None:
    for form in DEFAULTS.values():
        assert not unfinished(form, [form])


def test_titles_prompts_and_marks_are_written_and_keys_stay() -> None:
    said = typed(
        field__lesson__label="What is taught?",
        field__lesson__hint="",
        section__plan__title="Before",
        option__year_group__year_1="First years",
        part__tries__by="When",
        choice__barriers__lever__marking="Marking",
    )
    new = written(FORM, said)
    assert new.field("lesson") == replace(
        FORM.field("lesson") or Field(key="", label=""), label="What is taught?", hint=""
    )
    assert new.sections[0].title == "Before"
    assert [one.key for one in new.fields()] == [one.key for one in FORM.fields()]
    told = differences(FORM, new)
    assert "“What is the lesson about?” is now asked as “What is taught?”." in told
    assert "In “Which year group is it for?”, “Year 1” is now called “First years”." in told
    assert "In “What will each of us try before we meet again?”, the box “By when” is now called “When”." in told
    assert "“What is taught?” has another prompt: none." in told


def test_a_tick_that_is_not_sent_is_off_only_where_the_page_showed_it() -> None:
    shown = written(FORM, typed(field__agreed_summary__label="Agreed summary"))
    kept = [one.key for one in shown.fields() if one.summary]
    assert kept == ["next_steps", "barriers"]


def test_a_new_question_gets_a_key_that_no_version_ever_had() -> None:
    once = done(FORM, "add:question:plan", add__plan__label="Lesson", add__plan__kind="choice", add__plan__share="each")
    new = once.field("lesson_b")
    assert new is not None
    assert (new.label, new.kind, new.share) == ("Lesson", "choice", "each")
    gone = done(once, "remove:question:lesson")
    assert done(gone, "add:question:plan", add__plan__label="Lesson").field("lesson_c")
    assert [one.because for one in unfinished(once, [FORM])] == ["“Lesson” needs at least two choices."]


@pytest.mark.parametrize(
    ("title", "taken", "key"),
    [
        ("What did we notice?", (), "what_did_we_notice"),
        ("Élan 2", (), "elan"),
        ("???", (), "question"),
        ("Tags", ("tags",), "tags_b"),
        ("a", ("a", *(f"a_{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")), "a_ba"),
    ],
)
def test_keys_are_made_of_titles(title: str, taken: tuple[str, ...], key: str) -> None:
    assert fresh(title, taken) == key


def test_a_question_at_the_edge_of_a_section_goes_into_the_next() -> None:
    down = done(FORM, "down:question:feedback_wanted")
    assert down.sections[1].fields[0].key == "feedback_wanted"
    assert done(down, "up:question:feedback_wanted") == FORM
    assert done(FORM, "up:question:lesson") == FORM
    assert "“What feedback is wanted?” has moved to “Observe”." in differences(FORM, down)


def test_sections_are_added_moved_and_removed_once_empty() -> None:
    more = done(FORM, "add:section", add__section="Parents")
    assert [one.because for one in unfinished(more)] == [
        "“Parents” asks nothing yet. Add a question to it, or remove the section."
    ]
    assert done(more, "remove:section:parents") == FORM
    with pytest.raises(ConflictError, match="questions in this section"):
        done(FORM, "remove:section:plan")
    swapped = done(FORM, "down:section:plan")
    assert [one.key for one in swapped.sections][:2] == ["observe", "plan"]
    assert differences(FORM, swapped) == ("The sections come in another order.",)


def test_boxes_and_choices_come_and_go_but_what_is_read_by_key_stays() -> None:
    more = done(FORM, "add:box:pupils", add__part__pupils="Next", add__part__pupils__kind="date")
    assert differences(FORM, more) == ("“Focus pupils” has a new box, “Next”.",)
    assert done(more, "remove:box:pupils:next") == FORM
    with pytest.raises(ConflictError, match="rename"):
        done(FORM, "remove:box:tries:by")
    with pytest.raises(ConflictError, match="rename"):
        done(FORM, "remove:choice:clock:what:phase")
    with pytest.raises(ConflictError, match="nothing more"):
        done(FORM, "add:box:photos", add__part__photos="Names")
    wider = act(VISIT, "add:option:areas", typed(add__option__areas="Parents"), [VISIT])
    assert differences(VISIT, wider) == ("“Five areas of Mastery Readiness” offers “Parents” as well.",)
    assert done(wider, "remove:option:areas:parents") == VISIT


def test_what_is_taken_up_is_warned_of_when_it_is_left_out_and_can_be_put_back() -> None:
    gone = done(FORM, "remove:question:tries")
    assert warnings(FORM, gone) == (
        f"“What will each of us try before we meet again?” is left out. {FED_BY['tries']} New records will have none.",
    )
    back = done(gone, "back:question:tries")
    assert back.field("tries") == FORM.field("tries")
    assert not warnings(FORM, back)


def test_everything_that_is_wrong_is_said_where_it_is() -> None:
    form = written(
        FORM, typed(field__lesson__label="", field__own_notes__label="Mine", field__own_notes__summary="yes")
    )
    assert {one.path for one in faults(form)} == {"field.lesson.label", "field.own_notes.summary"}
    twice = written(FORM, typed(option__big_ideas__fluency="variation"))
    assert [one.path for one in faults(twice)] == ["option.big_ideas.variation"]
    assert faults(written(FORM, typed(field__lesson__hint="x" * 501, field__lesson__label="y" * 201)))[1:]


def test_a_form_asks_something_and_leaves_something_for_the_school() -> None:
    silent = NoteForm(kind="visit", version=2, sections=())
    assert [one.because for one in unfinished(silent)] == ["A form asks at least one question. Add one."]
    private = replace(FORM, sections=FORM.sections[-1:])
    assert "agreed summary" in unfinished(private)[0].because
    many = tuple(Field(key=f"q{at}", label="Q", summary=True) for at in range(61))
    wide = tuple(Option(f"o{at}", f"O {at}") for at in range(251))
    first = FORM.sections[0]
    assert "at most 60" in unfinished(replace(FORM, sections=(replace(first, fields=many),)))[0].because
    full = replace(FORM, sections=(replace(first, fields=many[:60]),))
    with pytest.raises(ConflictError, match="at most 60 questions; this would be 61"):
        done(full, "add:question:plan", add__plan__label="One more")
    broad = replace(many[0], kind="choice", options=wide)
    assert "at most 250" in unfinished(replace(FORM, sections=(replace(first, fields=(broad,)),)))[0].because


def test_a_key_is_not_used_twice_nor_for_another_kind_of_question() -> None:
    first = FORM.sections[0]
    lesson = first.fields[0]
    twice = replace(FORM, sections=(replace(first, fields=(*first.fields, lesson)), *FORM.sections[1:]))
    assert "Two questions" in unfinished(twice)[0].because
    other = replace(first, fields=(replace(lesson, kind="date"), *first.fields[1:]))
    assert "another question" in unfinished(replace(FORM, sections=(other, *FORM.sections[1:])), [FORM])[0].because


def test_an_unnamed_addition_is_asked_for_its_title() -> None:
    with pytest.raises(BadInputError) as refused:
        done(FORM, "add:question:plan", add__plan__label=" ")
    assert refused.value.faults[0].path == "add.plan.label"


def test_an_unknown_button_and_a_half_named_one_only_save() -> None:
    for do in ("save", "", "up:question", "add:section:plan", "burn:question:lesson"):
        assert done(FORM, do) == FORM
    with pytest.raises(ConflictError, match="Somebody else"):
        done(FORM, "up:question:nothing")


@given(st.data())
def test_however_a_form_is_changed_keys_and_kinds_hold(data: st.DataObject) -> None:
    form = VISIT
    for _ in range(data.draw(st.integers(1, 12))):
        verb, what = data.draw(st.sampled_from(sorted(ACTS)))
        sections = [one.key for one in form.sections]
        field = data.draw(st.sampled_from(VISIT_KEYS))
        of_section = what == "section" or (verb, what) == ("add", "question")
        where = [data.draw(st.sampled_from(sections)) if of_section else field]
        where += data.draw(st.lists(st.sampled_from(["because", "stands", "marking", "vision"]), max_size=2))
        where = where[: ACTS[verb, what][1]]
        says = {f"add.{place}": ("Why?",) for place in ("section", f"part.{field}", f"option.{field}")}
        says |= {f"add.{section}.label": ("Why?",) for section in sections}
        says |= {f"add.choice.{'.'.join(where)}": ("Why?",)}
        try:
            form = act(form, ":".join([verb, what, *where]), Typed(says), [VISIT])
        except ConflictError:
            continue
    keys = [one.key for one in form.fields()]
    assert len(keys) == len(set(keys))
    assert not any("stored as" in one.because or "another question" in one.because for one in unfinished(form, [VISIT]))
    for field_was in VISIT.fields():
        now = form.field(field_was.key)
        if now:
            assert {part.key for part in field_was.parts if stays(field_was, part.key)} <= {
                part.key for part in now.parts
            }
    assert bool(differences(VISIT, form)) == (form != VISIT)
