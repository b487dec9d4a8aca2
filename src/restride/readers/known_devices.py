"""Devices that a person has found to have left and right the wrong way round, remembered by their marks.

The list is one small file of the person's own, ``restride/devices.yaml`` in the folder of
settings. It is read only where its path is given, and written only by ``swap`` and ``unswap``.
"""

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import yaml

from restride.errors import ReadError
from restride.readers.fit_devices import mark_of
from restride.readers.swapping import PEDALS, with_shares_swapped
from restride.readers.take import Take
from restride.signals.recording import Device, Doubt, Recording

KEY: Final = "swapped"
_HEAD: Final = (
    "# restride: devices whose left and right are exchanged on reading, by the mark `restride inspect` shows\n"
)


def usual_path(environment: Mapping[str, str]) -> Path:
    """Where the list of a person lies: the settings folder of the XDG convention, else ``~/.config``."""
    stated = environment.get("XDG_CONFIG_HOME", "")
    # the convention asks for an absolute path and says to pass over any other
    folder = Path(stated) if stated and Path(stated).is_absolute() else Path.home() / ".config"
    return folder / "restride" / "devices.yaml"


def swapped(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Marks of the devices listed, in order; none if there is no file.

    Raises
    ------
    ReadError
        If the file is no such list: a list that cannot be read would leave sides exchanged unsaid.
    """
    file = Path(path)
    if not file.exists():
        return ()
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReadError(f"expected {file.name} to be YAML that can be read, found something else; mend it") from error
    found = content.get(KEY, []) if isinstance(content, dict) and set(content) <= {KEY} else None
    if content is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(mark, str) and _is_mark(mark) for mark in found):
        raise ReadError(
            f"expected {file.name} to hold `{KEY}: [...]` with marks of 8 digits or letters a to f in quotes, "
            "found something else; mend it, or delete it and list the devices again"
        )
    return tuple(dict.fromkeys(found))


def swap(path: str | os.PathLike[str], device: str) -> str:
    """Add a device to the list and return its mark.

    Parameters
    ----------
    path : path
        Of the list; its folder is made where it is missing.
    device : str
        Serial number, or ``unit `` and the mark that ``restride inspect`` shows.
    """
    mark = _mark(device)
    _write(Path(path), (*swapped(path), mark))
    return mark


def unswap(path: str | os.PathLike[str], device: str) -> str:
    """Take a device off the list and return its mark.

    Parameters
    ----------
    path, device : as in ``swap``

    Raises
    ------
    ReadError
        If it is not on the list.
    """
    mark, listed = _mark(device), swapped(path)
    if mark not in listed:
        raise ReadError(f"expected a device on the list ({', '.join(listed) or 'it is empty'}), found {device!r}")
    _write(Path(path), tuple(known for known in listed if known != mark))
    return mark


def with_known_devices(recording: Recording, marks: Collection[str], take: Take) -> Recording:
    """The recording with left and right exchanged in the shares that a listed device measured.

    Parameters
    ----------
    recording : Recording
    marks : collection of str
        Of devices that have left and right the wrong way round.
    take : Take
        What it states of the sides of this one take goes before the list.
    """
    listed = [d for source in recording.sources for d in source.devices if d.mark and d.mark in marks]
    shares = {share for device in listed for share in device.shares} & _sided(recording)
    if not shares:
        return recording
    names = " and ".join(dict.fromkeys(_named(device) for device in listed if device.shares))
    if "balance" in take.sides_swapped or take.share_of is not None:
        text = f"{names}: on the list of swapped devices, but take.yaml states the sides of this take and was followed."
        return recording.replaced(doubts=(*recording.doubts, Doubt("sides", text, severity="warning")))
    text = f"Left and right were exchanged in the shares of {' and '.join(sorted(shares))}, because of {names}: listed "
    doubt = Doubt(
        "sides",
        f"{text}as having them the wrong way round.",
        "If this is not right: restride devices unswap, with its serial number or mark.",
    )
    turned = with_shares_swapped(recording, power="power" in shares, contact="contact time" in shares)
    return turned.replaced(doubts=(*turned.doubts, doubt))


def _sided(recording: Recording) -> set[str]:
    """The shares of a recording that speak of a leg by its name."""
    share = recording.signals.get("left_share")
    known = share is not None and bool(share["side_known"].values.any())
    power = known or any(kind in recording for kind in PEDALS)
    return {*(["power"] if power else []), *(["contact time"] if "contact_left_share" in recording else [])}


def _named(device: Device) -> str:
    return f"{device.name}, unit {device.mark}"


def _mark(device: str) -> str:
    """A serial number is all digits; a mark may be too, so it needs the word before it then."""
    text = device.strip().lower()
    if text.isdecimal():
        return mark_of(int(text))
    mark = text.removeprefix("unit").lstrip(" :")
    if not _is_mark(mark):
        raise ReadError(
            f"expected a serial number or the mark of a device (as in 'unit cc267a7b' of restride inspect), "
            f"found {device!r}"
        )
    return mark


def _is_mark(text: str) -> bool:
    return re.fullmatch("[0-9a-f]{8}", text) is not None


def _write(file: Path, marks: tuple[str, ...]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f'  - "{mark}"\n' for mark in dict.fromkeys(marks)]
    # whole or not at all: half a list would exchange the wrong sides
    beside = file.with_suffix(".new")
    beside.write_text(_HEAD + f"{KEY}:{'' if lines else ' []'}\n" + "".join(lines), encoding="utf-8")
    beside.replace(file)
