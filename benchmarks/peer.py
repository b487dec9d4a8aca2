"""Our end of the pipe to OpenSim, which runs in a process and an environment of its own."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PYTHON: Final = ROOT / ".venv-opensim" / "bin" / "python"
SCRIPT: Final = Path(__file__).with_name("opensim_peer.py")


class Peer:
    """A running OpenSim that answers one job at a time; made by ``opensim``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.version = str(self._answer()["version"])

    def seconds(self, job: str, *, markers: Sequence[str] = ()) -> float:
        """Time of the tool's own run for one job on the stride."""
        if self._process.stdin is None:
            raise RuntimeError("expected a pipe to OpenSim, found none")
        self._process.stdin.write(" ".join((job, *markers)) + "\n")
        self._process.stdin.flush()
        return float(str(self._answer()["seconds"]))

    def _answer(self) -> dict[str, object]:
        # OpenSim prints a table of the model on the same output; answers are the lines of JSON
        for line in self._process.stdout or ():
            if line.startswith("{"):
                answer: dict[str, object] = json.loads(line)
                return answer
        raise RuntimeError(f"OpenSim ended with status {self._process.wait()} before it answered")


@contextmanager
def opensim(data: Path) -> Iterator[Peer]:
    """OpenSim on the walking data of a folder, stopped at the end.

    Parameters
    ----------
    data : Path
        The folder ``walk-emg-mocap-grf``.
    """
    if not PYTHON.exists():
        raise FileNotFoundError("OpenSim's environment is missing; make bench makes it")
    with TemporaryDirectory() as work:
        command = [str(PYTHON), str(SCRIPT), str(data.resolve()), work]
        with subprocess.Popen(
            command, cwd=work, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            try:
                yield Peer(process)
            finally:
                process.terminate()
