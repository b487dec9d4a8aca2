"""Every published recording read by one call and told on a page.

First the commands of ``examples/README.md``, as a person would type them; then every single file
of the sets that hold one recording per file. A page counts if it is there, under its size, and its
first sentence says more than what the file contains. The sentences are printed, to be read.
"""

import contextlib
import io
import json
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from restride import cli
from validation.row import Row

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE_MB: Final = 2.0
# one recording per file, read without a note
SINGLE: Final = (
    *("fit-run/*.fit", "fit-run-one-runner-2016-2020/*.fit", "fit-power-pedals/*.fit", "fit-edge-cases/*.fit"),
    *("c3d-walk-children-emg/*.c3d", "c3d-forceplates-reference/*.c3d", "balance-cop/BDS*.txt"),
)
CONTENTS: Final = "This recording holds"


def rows(shared: Path) -> list[Row]:
    """Pages that are missing or too large, and those that say no more than what was recorded."""
    told = {**dict(_examples(shared)), **dict(_single(shared))}
    for name, sentence in told.items():
        print(f"    {name}: {sentence}")
    missing = [name for name, sentence in told.items() if not sentence]
    bare = [name for name, sentence in told.items() if sentence.startswith(CONTENTS)]
    return [
        Row("recordings without a page", float(len(missing)), "1", 0, "max", f"of {len(told)}; {', '.join(missing)}"),
        Row("pages that only list what was recorded", float(len(bare)), "1", None, "max", ", ".join(bare)),
    ]


def commands() -> list[list[str]]:
    """The commands of ``examples/README.md``, without ``restride`` itself."""
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    return [shlex.split(line)[1:] for line in re.findall(r"(?m)^restride analyse .*$", text)]


def _examples(shared: Path) -> Iterator[tuple[str, str]]:
    for command in commands():
        places = [str(shared / word.removeprefix("../shared/data/")) if "/data/" in word else word for word in command]
        yield " ".join(command[1:]).replace("../shared/data/", ""), _sentence(places)


def _single(shared: Path) -> Iterator[tuple[str, str]]:
    for pattern in SINGLE:
        for path in sorted(shared.glob(pattern)):
            yield f"{path.parent.name}/{path.name}", _sentence(["analyse", str(path)])


def _sentence(arguments: list[str]) -> str:
    """The first sentence of the page a command writes; empty if it writes none, or too large a one."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(ROOT):
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            status = cli.main([*arguments, "--out", folder])
        page = Path(folder) / "report.html"
        if status != 0 or not page.is_file() or page.stat().st_size > PAGE_MB * 1e6:
            print(f"    {' '.join(arguments)}: {quiet.getvalue().strip().splitlines()[-1:]}")
            return ""
        found = json.loads((Path(folder) / "findings.json").read_text(encoding="utf-8"))
        return str(found["summary"]["sentence"])
