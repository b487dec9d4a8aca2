"""Our end of the pipe to a peer, which runs in a process and an environment of its own."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
OPENSIM: Final = ROOT / ".venv-opensim" / "bin" / "python"
PYPI: Final = ROOT / ".venv-peers" / "bin" / "python"


class Peer:
    """A running peer that answers one job at a time; made by ``opensim`` and ``from_pypi``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.version = str(self._answer()["version"])

    def seconds(self, job: str, *, markers: Sequence[str] = ()) -> float:
        """Time of the peer's own run of one job, as the peer measured it."""
        if self._process.stdin is None:
            raise RuntimeError("expected a pipe to the peer, found none")
        self._process.stdin.write(" ".join((job, *markers)) + "\n")
        self._process.stdin.flush()
        return float(str(self._answer()["seconds"]))

    def _answer(self) -> dict[str, object]:
        # OpenSim prints a table of the model on the same output; answers are the lines of JSON
        for line in self._process.stdout or ():
            if line.startswith("{"):
                answer: dict[str, object] = json.loads(line)
                return answer
        raise RuntimeError(f"the peer ended with status {self._process.wait()} before it answered")


@contextmanager
def opensim(data: Path) -> Iterator[Peer]:
    """OpenSim on the walking data of a folder, stopped at the end.

    Parameters
    ----------
    data : Path
        The folder ``walk-emg-mocap-grf``.
    """
    with TemporaryDirectory() as work, _running(OPENSIM, "opensim_peer.py", str(data.resolve()), work) as peer:
        yield peer


@contextmanager
def from_pypi(job: str, *inputs: Path, environment: Mapping[str, str] | None = None) -> Iterator[Peer]:
    """A peer for one job of ``pypi_peers.py``, stopped at the end.

    Parameters
    ----------
    job : str
    *inputs : Path
        What it loads before the clock starts.
    environment : mapping, optional
        Variables beside our own.
    """
    arguments = (job, *(str(path.resolve()) for path in inputs))
    with _running(PYPI, "pypi_peers.py", *arguments, environment=environment) as peer:
        yield peer


@contextmanager
def _running(
    python: Path, script: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[Peer]:
    if not python.exists():
        raise FileNotFoundError(f"the environment {python.parent.parent.name} is missing; make bench makes it")
    command = [str(python), str(Path(__file__).with_name(script)), *arguments]
    with (
        TemporaryDirectory() as work,
        subprocess.Popen(
            command,
            cwd=work,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
        ) as process,
    ):
        try:
            yield Peer(process)
        finally:
            process.terminate()
