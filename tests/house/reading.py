"""What the house tests read: the tree's own files, as git would keep them, and Python as syntax."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("actions", "domain", "kit", "models", "pages", "render", "routers", "solver", "store", "cli")


@functools.cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is committed or would be: ignored ones are nobody's business."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else _found_without_git()
    return tuple(sorted(ROOT / name for name in names if name and (ROOT / name).is_file()))


def _found_without_git() -> list[str]:
    """The same from an unpacked archive, which has no .git."""
    left_out = {line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()} | {".git"}
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in found if not left_out & set(path.parts)]


def kept(*folders: str, suffix: str = ".py") -> list[Path]:
    """The kept files with this suffix under the named folders (all of the tree without any)."""
    tops = [ROOT / folder for folder in folders] or [ROOT]
    return [path for path in kept_files() if path.suffix == suffix and any(path.is_relative_to(top) for top in tops)]


def shown(path: Path) -> str:
    """The path as a person would type it from the top of the tree."""
    return str(path.relative_to(ROOT))


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method, wherever it stands in its module."""

    name: str
    line: int
    lines: int
    arguments: int
    public: bool
    docstring: str | None


def _functions(tree: ast.AST, *, public: bool) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _described(node, public=public and not node.name.startswith("_"))
            yield from _functions(node, public=False)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, public=public and not node.name.startswith("_"))
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):  # no function is defined in an expression
            yield from _functions(node, public=public)


def _described(node: ast.FunctionDef | ast.AsyncFunctionDef, *, public: bool) -> Function:
    """Its numbers; decorators and docstring do not count as lines, `self` and `cls` do not count as arguments."""
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    starred = [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
    told = ast.get_docstring(node)
    first = node.body[1] if told is not None and len(node.body) > 1 else node.body[0]
    return Function(
        name=node.name,
        line=node.lineno,
        lines=(node.end_lineno or node.lineno) - first.lineno + 2,
        arguments=len([argument for argument in named if argument.arg not in {"self", "cls"}]) + len(starred),
        public=public,
        docstring=told,
    )


@dataclass(frozen=True, slots=True)
class Syntax:
    """What the house asks of a module's syntax. It is parsed once for all that ask: that is most of the time."""

    functions: tuple[Function, ...]  # also nested ones; public are those reachable by plain names
    called: tuple[tuple[str, int], ...]  # the last name of what is called, with its line: `session.commit()` is commit
    strings: tuple[tuple[str, int], ...]  # those that can reach a person: every one but docstrings
    imports: tuple[tuple[str, str], ...]  # module and name in it (empty: the module itself), as the module calls it


@functools.cache
def syntax(source: str) -> Syntax:
    """Reads one module."""
    tree = ast.parse(source)
    called, strings, imports, told = [], [], [], set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                called.append((name, node.lineno))
            case ast.Constant(value=str(text)) if id(node) not in told:
                strings.append((text, node.lineno))
            case ast.Import():
                imports += [(alias.name, "") for alias in node.names]
            case ast.ImportFrom(level=0):
                imports += [(node.module or "", alias.asname or alias.name) for alias in node.names]
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                told |= _docstring(node.body)  # seen before what it holds: the walk goes level by level
    functions = tuple(_functions(tree, public=True))
    return Syntax(functions, tuple(called), tuple(strings), tuple(imports))


def _docstring(body: list[ast.stmt]) -> set[int]:
    return {id(first.value) for first in body[:1] if isinstance(first, ast.Expr)}
