"""Small pieces: the tail is where understanding goes to die, so it is cut from day one."""

from tests.house.reading import kept, shown, syntax

MODULE_LINES, FUNCTION_LINES, ARGUMENTS = 400, 50, 6


def too_big(source: str, *, module_lines: int = MODULE_LINES) -> list[str]:
    faults = []
    length = source.count("\n")
    if length > module_lines:
        faults.append(f"{length} lines, at most {module_lines}: a folder may replace a file")
    for function in syntax(source).functions:
        if function.lines > FUNCTION_LINES:
            faults.append(f"line {function.line}: {function.name} has {function.lines} lines, at most {FUNCTION_LINES}")
        if function.arguments > ARGUMENTS:
            faults.append(f"line {function.line}: {function.name} has {function.arguments} arguments: bundle them")
    return faults


def test_modules_and_functions_stay_small() -> None:
    faults = [
        f"{shown(path)}: {fault}"
        for path in kept("app", "tests", "bench")  # a migration is a record: as long as its tables
        for fault in too_big(path.read_text())
    ]
    assert not faults, "\n".join(faults)


def test_a_long_module_is_found() -> None:
    assert too_big("a = 1\n" * 401)
    assert not too_big("a = 1\n" * 400)


def test_a_long_function_is_found_and_its_docstring_does_not_count() -> None:
    assert too_big("def f() -> None:\n" + "    a = 1\n" * 50)
    assert not too_big('def f() -> None:\n    """What."""\n' + "    a = 1\n" * 49)


def test_a_seventh_argument_is_found_also_when_it_is_keyword_only() -> None:
    assert too_big("def f(a, b, c, d, *, e, f, g): ...\n")
    assert not too_big("class C:\n    def f(self, a, b, c, d, *, e, f): ...\n")
