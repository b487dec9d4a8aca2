"""Whether everything that restride needs is in place on this computer."""

import importlib.metadata
import platform
import sys
from dataclasses import dataclass
from typing import Final

from restride import body
from restride.errors import RestrideError

NEEDED: Final = ("h5netcdf", "jinja2", "mujoco", "myo-sim", "numpy", "pandas", "pillow", "scipy", "xarray")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, whether it is in order, and what was found."""

    name: str
    ok: bool
    found: str


def checks() -> tuple[Check, ...]:
    """Python, every library with its version, and the body model built once."""
    return (
        Check("Python 3.11 or newer", sys.version_info >= (3, 11), platform.python_version()),
        *(_library(name) for name in NEEDED),
        _body(),
    )


def _library(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed; run: pip install restride")


def _body() -> Check:
    try:
        built = body.generic()
    except RestrideError as error:
        return Check("body model", False, str(error))
    return Check("body model", True, f"{len(built.muscles.names)} muscles, {len(built.coordinates)} joint angles")
