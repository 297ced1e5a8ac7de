"""What teachers reflect on: indicators with a question each, and steps in words. Nobody is ranked by them.

A hub may change the frameworks that ship and add its own, as versioned data; keys never change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.notes.editing.keys import fresh, moved, without
from app.domain.notes.forms import Option
from app.kit.errors import BadInputError, Fault
from app.kit.typed import Typed

MOST_INDICATORS, MOST_STEPS = 20, 6
LONGEST_NAME, LONGEST_LABEL, LONGEST_TEXT = 80, 160, 500  # characters
WAIT = "Look at what is marked below."


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing to reflect on, with the question that it asks."""

    key: str
    label: str
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """Indicators and the steps at which people place themselves; without indicators it is no longer offered."""

    key: str
    version: int
    name: str
    intro: str = ""
    indicators: tuple[Indicator, ...] = ()
    steps: tuple[Option, ...] = ()

    @property
    def offered(self) -> bool:
        """Whether people can choose it."""
        return bool(self.indicators)

    def indicator(self, key: str) -> Indicator | None:
        """The indicator of this name."""
        return next((one for one in self.indicators if one.key == key), None)

    def step(self, key: str) -> Option | None:
        """The step of this name."""
        return next((one for one in self.steps if one.key == key), None)


def to_data(framework: Framework) -> list[dict[str, Any]]:
    """Indicators and steps as they are stored: each indicator carries the steps it is answered in.

    Where nothing is asked, one without a name carries them.
    """
    steps = [{"key": one.key, "label": one.label} for one in framework.steps]
    asked = framework.indicators or (Indicator("", ""),)
    return [{"key": one.key, "label": one.label, "asks": one.asks, "steps": steps} for one in asked]


def from_data(told: Framework, indicators: Sequence[Mapping[str, Any]]) -> Framework:
    """A framework with the indicators and steps that were stored by `to_data`."""
    steps = indicators[0].get("steps", ()) if indicators else ()
    return replace(
        told,
        indicators=tuple(Indicator(one["key"], one["label"], one.get("asks", "")) for one in indicators if one["key"]),
        steps=tuple(Option(one["key"], one["label"]) for one in steps),
    )


def written(framework: Framework, typed: Typed) -> Framework:
    """The framework with the texts of the editor's page; what it did not show stays."""

    def said(name: str, before: str) -> str:
        return typed.text(name) if name in typed.values else before

    return replace(
        framework,
        name=said("name", framework.name),
        intro=said("intro", framework.intro),
        indicators=tuple(
            Indicator(one.key, said(f"indicator.{one.key}", one.label), said(f"asks.{one.key}", one.asks))
            for one in framework.indicators
        ),
        steps=tuple(Option(one.key, said(f"step.{one.key}", one.label)) for one in framework.steps),
    )


def act(framework: Framework, do: str, typed: Typed, versions: Sequence[Framework]) -> Framework:
    """The framework after a button such as `up:indicator:units`; an unknown one only saves.

    Raises BadInputError for what has no title yet, ConflictError for what is gone.
    """
    verb, _, rest = do.partition(":")
    what, _, key = rest.partition(":")
    if verb == "add" and what in ADDS:
        return ADDS[what](framework, typed, (*versions, framework))
    if not key or verb not in {"up", "down", "remove"}:
        return framework
    if what == "indicator":
        return replace(framework, indicators=_turned(framework.indicators, key, verb))
    return replace(framework, steps=_turned(framework.steps, key, verb)) if what == "step" else framework


def _turned(items: tuple[Any, ...], key: str, verb: str) -> tuple[Any, ...]:
    return without(items, key) if verb == "remove" else moved(items, key, -1 if verb == "up" else 1)


def _add_indicator(framework: Framework, typed: Typed, ever: Sequence[Framework]) -> Framework:
    label = _title(typed, "add.indicator", "the indicator")
    key = fresh(label, {one.key for some in ever for one in some.indicators})
    new = Indicator(key, label, typed.text("add.asks"))
    return replace(framework, indicators=(*framework.indicators, new))


def _add_step(framework: Framework, typed: Typed, ever: Sequence[Framework]) -> Framework:
    label = _title(typed, "add.step", "the step")
    key = fresh(label, {one.key for some in ever for one in some.steps})
    return replace(framework, steps=(*framework.steps, Option(key, label)))


ADDS: Mapping[str, Callable[[Framework, Typed, Sequence[Framework]], Framework]] = {
    "indicator": _add_indicator,
    "step": _add_step,
}


def _title(typed: Typed, name: str, of: str) -> str:
    title = typed.text(name)
    if not title:
        raise BadInputError(WAIT, (Fault(name, f"Write {of} before you add it."),))
    return title


def faults(framework: Framework) -> tuple[Fault, ...]:
    """What is wrong with its texts, before it can be saved."""
    said = {"name": _wrong(framework.name, LONGEST_NAME), "intro": _long(framework.intro)}
    for one in framework.indicators:
        said[f"indicator.{one.key}"] = _wrong(one.label, LONGEST_LABEL)
        said[f"asks.{one.key}"] = _long(one.asks)
    for step in framework.steps:
        said[f"step.{step.key}"] = _wrong(step.label, LONGEST_NAME)
    return tuple(Fault(path, because) for path, because in said.items() if because)


def unfinished(framework: Framework) -> tuple[Fault, ...]:
    """What is still missing before it can be published."""
    few = "Ask about at least one thing. Add an indicator."
    many = f"Ask about at most {MOST_INDICATORS} things; people come back to a short list."
    steps = f"Give between 2 and {MOST_STEPS} steps at which people can place themselves."
    said = [
        "" if framework.indicators else few,
        "" if len(framework.indicators) <= MOST_INDICATORS else many,
        "" if 2 <= len(framework.steps) <= MOST_STEPS else steps,
    ]
    return (*faults(framework), *(Fault("", because) for because in said if because))


def differences(before: Framework, after: Framework) -> tuple[str, ...]:
    """What a new version changes, in sentences."""
    said = [f"It is now called “{after.name}”."] if before.name != after.name else []
    if before.intro != after.intro:
        said.append("Its introduction has changed.")
    pairs: tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...] = (
        ("indicator", _labels(before.indicators), _labels(after.indicators)),
        ("step", _labels(before.steps), _labels(after.steps)),
    )
    for what, were, are in pairs:
        said += [f"There is a new {what}, “{label}”." for key, label in are.items() if key not in were]
        said += [f"The {what} “{label}” is left out." for key, label in were.items() if key not in are]
        both = [key for key in are if key in were]
        said += [f"“{were[key]}” is now called “{are[key]}”." for key in both if were[key] != are[key]]
        if both != [key for key in were if key in are]:
            said.append(f"The {what}s come in another order.")
    asked = {one.key: one.asks for one in before.indicators}
    said += [f"“{one.label}” asks otherwise." for one in after.indicators if asked.get(one.key, one.asks) != one.asks]
    return tuple(said)


def _labels(items: Sequence[Indicator | Option]) -> dict[str, str]:
    return {one.key: one.label for one in items}


def _wrong(text: str, longest: int) -> str:
    if not text.strip():
        return "Write this, or remove it."
    return "" if len(text) <= longest else f"Use at most {longest} characters."


def _long(text: str) -> str:
    return "" if len(text) <= LONGEST_TEXT else f"Use at most {LONGEST_TEXT} characters."
