from app.kit.errors import Fault
from app.pages._parts import Asked, Column, Empty, Field, Filter, Form, Listing, filled, listing

COLUMNS = (Column("name", "School"), Column("visits", "Visits left", number=True), Column("", "Next date"))


def listed(total: int = 130, **query: str) -> Listing:
    filters = (Filter("q", "Name", query.get("q", "")),)
    return listing(Asked("/schools", query), "Schools", COLUMNS, total=total, empty=Empty("None yet."), filters=filters)


def test_a_heading_sorts_by_its_column_and_a_second_press_turns_it_round() -> None:
    assert [heading.href for heading in listed().headings] == ["/schools?sort=-name", "/schools?sort=visits", ""]
    turned = listed(sort="-visits", q="ash", page="2")
    assert turned.headings[1].sorted == "descending"
    assert turned.headings[1].href == "/schools?sort=visits&q=ash"


def test_an_unknown_sort_is_the_first_column() -> None:
    assert listed(sort="drop table").headings[0].sorted == "ascending"


def test_pages_keep_what_was_asked() -> None:
    second = listed(q="ash", page="2")
    assert second.showing == "51 to 100 of 130"
    assert (second.previous, second.next) == ("/schools?q=ash&page=1", "/schools?q=ash&page=3")
    assert listed(page="3").next == ""


def test_a_page_that_is_no_number_is_the_first() -> None:
    assert {Asked("/x", {"page": page}).page for page in ("", "0", "-1", "two", "9" * 30, "\N{SUPERSCRIPT TWO}")} == {1}


def test_a_narrowed_list_that_is_empty_says_so() -> None:
    assert listed(total=0, q="zzz").narrowed
    assert not listed(total=0).narrowed


def test_the_file_holds_what_the_list_shows() -> None:
    assert listed(q="ash", page="2", sort="visits").csv == "/schools?q=ash&sort=visits&format=csv"


def test_a_form_keeps_what_was_typed_and_says_what_to_change() -> None:
    form = Form(
        action="/x",
        submit="Keep",
        fields=(Field(name="code", label="Code"), Field(name="days", label="Days", kind="checkboxes", chosen=("fri",))),
    )
    again = filled(form, {"code": "NCP", "days": ["mon", "tue"]}, [Fault("code", "Use the group's code.")])
    assert (again.fields[0].value, again.fields[0].fault) == ("NCP", "Use the group's code.")
    assert again.fields[1].chosen == ("mon", "tue")
    assert filled(form, {}).fields[1].chosen == ()
