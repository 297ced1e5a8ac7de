"""Follows types through a template: what `page` holds, what a loop runs over, what a part was declared to take."""

import dataclasses
import importlib
import pkgutil
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import nodes

import app.pages
from app.render.html import TEMPLATES, Chrome, environment

DECLARED = re.compile(r"{% macro (\w+)\([^)]*\) %}\s*{# (.+?) #}")
UNKNOWN = None


@cache
def pages_by_template() -> dict[str, list[type]]:
    """Every page dataclass under the template that it names."""
    found: dict[str, list[type]] = {}
    for module in pkgutil.walk_packages(app.pages.__path__, "app.pages."):
        for value in vars(importlib.import_module(module.name)).values():
            if dataclasses.is_dataclass(value) and isinstance(value, type) and isinstance(_template(value), str):
                known = found.setdefault(_template(value), [])
                known.extend([value] if value not in known else [])
    return found


def _template(page: type) -> Any:
    return vars(page).get("template")


def declared(source: str) -> dict[str, dict[str, Any]]:
    """The types that each macro of a file says it takes: {# name: app.module.Type; other: tuple[app.module.Type] #}."""
    return {
        macro: {name: _type(words) for name, words in (one.split(": ") for one in types_.split("; "))}
        for macro, types_ in DECLARED.findall(source)
    }


@cache
def parsed(source: str) -> nodes.Template:
    """The template's tree, parsed once for all that read it."""
    return environment().parse(source)


def _type(words: str) -> Any:
    if words.startswith("tuple["):
        return tuple[_type(words[6:-1]), ...]  # type: ignore[misc]
    module, _, name = words.rpartition(".")
    return getattr(importlib.import_module(module), name)


def unknown_names(source: str) -> set[str]:
    """Names that a template reads and neither sets, imports nor takes as an argument."""
    tree = parsed(source)
    names = list(tree.find_all(nodes.Name))
    made = {name.name for name in names if name.ctx in {"store", "param"}}
    made |= {macro.name for macro in tree.find_all(nodes.Macro)}
    for one in tree.find_all(nodes.FromImport):
        made |= {name if isinstance(name, str) else name[1] for name in one.names}
    return {name.name for name in names if name.ctx == "load"} - made - {"loop", "caller"}


@dataclass
class Reading:
    """What one template was seen to do."""

    faults: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def read(path: Path) -> Reading:
    """Reads one template of ours: names it does not know, fields that do not exist, fields of `page` it uses."""
    name = path.relative_to(TEMPLATES).as_posix()
    source = path.read_text("utf-8")
    reading = Reading()
    reader = _Reader(reading, pages_by_template().get(name, []), declared(source))
    reader.walk(parsed(source), {"page": _PAGE})
    reading.faults = [f"{name}: {fault}" for fault in reading.faults]
    return reading


_PAGE = object()


class _Reader:
    def __init__(self, reading: Reading, pages: list[type], macros: dict[str, dict[str, Any]]) -> None:
        self.reading, self.pages, self.macros = reading, pages, macros

    def walk(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        if isinstance(node, nodes.Macro):
            scope = {**scope, **{arg.name: UNKNOWN for arg in node.args}, **self.macros.get(node.name, {})}
        elif isinstance(node, nodes.For):
            scope = {**scope, **dict(_targets(node.target, _element(self.type_of(node.iter, scope))))}
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            scope[node.target.name] = self.type_of(node.node, scope)
        elif isinstance(node, nodes.Getattr):
            self.type_of(node, scope)
        elif isinstance(node, nodes.Block):
            scope = dict(scope)
        for child in node.iter_child_nodes():
            self.walk(child, scope)

    def type_of(self, node: nodes.Node, scope: dict[str, Any]) -> Any:
        if isinstance(node, nodes.Name):
            return scope.get(node.name, UNKNOWN)
        if not isinstance(node, nodes.Getattr):
            return UNKNOWN
        owner = self.type_of(node.node, scope)
        if owner is _PAGE:
            return self.of_page(node)
        return self.of_value(owner, node)

    def of_page(self, node: nodes.Getattr) -> Any:
        if node.attr == "chrome":
            return Chrome
        self.reading.used.add(node.attr)
        return next((self.of_value(page, node) for page in self.pages), UNKNOWN) if self.pages else UNKNOWN

    def of_value(self, owner: Any, node: nodes.Getattr) -> Any:
        if not (isinstance(owner, type) and dataclasses.is_dataclass(owner)):
            return UNKNOWN
        hints = _hints(owner)
        if node.attr in hints:
            return _without_none(hints[node.attr])
        if not isinstance(vars(owner).get(node.attr), property):
            self.reading.faults.append(f"line {node.lineno}: {owner.__name__} has no {node.attr}")
        return UNKNOWN


@cache
def _hints(owner: type) -> dict[str, Any]:
    return typing.get_type_hints(owner)


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        left = [one for one in typing.get_args(hint) if one is not type(None)]
        return left[0] if len(left) == 1 else UNKNOWN
    return hint


def _element(hint: Any) -> Any:
    if typing.get_origin(hint) in {tuple, list} and typing.get_args(hint):
        return typing.get_args(hint)[0]
    return UNKNOWN


def _targets(target: nodes.Expr, element: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(target, nodes.Name):
        yield target.name, element
    elif isinstance(target, nodes.Tuple):
        parts = typing.get_args(element) if typing.get_origin(element) is tuple else ()
        for n, part in enumerate(target.items):
            yield from _targets(part, parts[n] if len(parts) == len(target.items) else UNKNOWN)
