"""The house rules that no other tool holds."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

import restride

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 500
LONGEST_FUNCTION = 60  # without its docstring
HEAVY = ("PIL", "jinja2", "mujoco", "myo_sim", "sklearn")  # what only one room needs, loaded when it is needed
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "debian" + ".org")
ABSOLUTE = re.compile(r"""(?<![\w./:<>])/(?:home|root|Users|work|opt|srv|mnt|var)/\w""")


def tracked(*suffixes: str) -> list[Path]:
    """Files of the project that git keeps or would keep, with one of the suffixes; all without."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a clone, so there is no list of the project's files")
    paths = [ROOT / line for line in listed.splitlines()]
    return [p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes)]


def relative(path: Path, line: int | None = None) -> str:
    name = str(path.relative_to(ROOT))
    return name if line is None else f"{name}:{line}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_functions() -> dict[str, FunctionType]:
    """Every function of restride whose name and modules are public, by the place where it is written."""
    found: dict[str, FunctionType] = {}
    for module_info in pkgutil.walk_packages(restride.__path__, "restride."):
        if any(part.startswith("_") for part in module_info.name.split(".")):
            continue
        module = importlib.import_module(module_info.name)
        for name, value in vars(module).items():
            if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{module.__name__}.{name}"] = value
    return found


def exported_functions() -> Iterator[tuple[str, FunctionType]]:
    """Functions that restride and its rooms name in ``__all__``, with the room."""
    for name in ("restride", *(m.name for m in pkgutil.iter_modules(restride.__path__, "restride."))):
        room = importlib.import_module(name)
        for value in (getattr(room, exported) for exported in getattr(room, "__all__", ())):
            if isinstance(value, FunctionType):
                yield name, value


def documented_parameters(docstring: str) -> list[str]:
    """Names in the numpydoc section Parameters, in order."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-{3,}$|\Z)", docstring, re.DOTALL | re.MULTILINE)
    if section is None:
        return []
    heads = re.findall(r"^([\w*]+(?:, [\w*]+)*)(?: :.*)?$", section[1], re.MULTILINE)
    return [name for head in heads for name in head.split(", ")]


def test_no_file_is_longer_than_one_story() -> None:
    long = [p for p in tracked(".py", ".ts", ".css") if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    assert [relative(p) for p in long] == []


def test_no_function_is_too_long_to_check() -> None:
    long = []
    for path in tracked(".py"):
        for function in functions(path):
            docstring = ast.get_docstring(function, clean=False) or ""
            length = (function.end_lineno or 0) - function.lineno + 1 - len(docstring.splitlines())
            if length > LONGEST_FUNCTION:
                long.append(f"{relative(path, function.lineno)} {function.name}: {length}")
    assert not long, "\n".join(long)


def test_every_public_function_says_what_it_gives() -> None:
    assert [name for name, function in public_functions().items() if not inspect.getdoc(function)] == []


def test_documented_parameters_are_those_of_the_signature() -> None:
    wrong = []
    for name, function in public_functions().items():
        documented = documented_parameters(inspect.getdoc(function) or "")
        signature = list(inspect.signature(function).parameters)
        if documented and documented != signature:
            wrong.append(f"{name} documents {documented}, takes {signature}")
    assert not wrong, "\n".join(wrong)


def test_rooms_document_the_parameters_of_what_they_export() -> None:
    bare = []
    for room, function in exported_functions():
        docstring = inspect.getdoc(function) or ""
        refers = re.search(r"\bas\b.*``\w+``", docstring)  # "as ``low_pass`` otherwise"
        if len(inspect.signature(function).parameters) > 1 and not documented_parameters(docstring) and not refers:
            bare.append(f"{room}.{function.__name__}")
    assert not bare, "\n".join(bare)


def test_rooms_hold_what_they_export() -> None:
    for module_info in pkgutil.walk_packages(restride.__path__, "restride."):
        module = importlib.import_module(module_info.name)
        assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == [], module_info.name


def test_importing_restride_does_no_work() -> None:
    script = (
        "import sys\n"
        "sys.dont_write_bytecode = True\n"
        "def watched(event, arguments):\n"
        "    writes = event == 'open' and bool(set('wax+') & set(str(arguments[1] or '')))\n"
        "    if writes or event in ('os.mkdir', 'socket.connect', 'subprocess.Popen'):\n"
        "        print('did', event, arguments[0])\n"
        "sys.addaudithook(watched)\n"
        "import restride\n"
        f"print(*sorted(set({HEAVY}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "config", "globals"}
    assert [
        relative(p) for p in tracked(".py", ".ts") if drawers & set(p.relative_to(ROOT).with_suffix("").parts)
    ] == []


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    named = []
    for path in tracked(".py", ".ts", ".md", ".toml", ".yaml", ".json", ".cff", ".html", ".css", ""):
        text = path.read_text(encoding="utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            if any(host in line for host in HOSTS) or ABSOLUTE.search(line):
                named.append(relative(path, number))
    assert not named, "\n".join(named)


def test_the_readme_starts_with_the_demo_and_the_tests() -> None:
    commands = re.findall(r"^```sh\n(.+?)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench", "validate"])
def test_every_chore_of_the_readme_is_in_the_makefile(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_note_of_change_says_its_kind() -> None:
    notes = [p.name for p in (ROOT / "changes").iterdir()]
    assert notes
    assert [n for n in notes if not re.fullmatch(r"\d+\.(feature|fix|science)\.md", n)] == []
