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


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, also nested ones; `public` holds for those reachable by plain names."""
    yield from _functions(tree, public=True)


def _functions(tree: ast.AST, *, public: bool) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _described(node, public=public and not node.name.startswith("_"))
            yield from _functions(node, public=False)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, public=public and not node.name.startswith("_"))
        else:
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


def called_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The last name of everything that is called, with its line: `session.commit()` is `commit`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, node.lineno


def strings_shown(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Strings that can reach a person: every one but docstrings."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value, node.lineno
