"""The files of a trial on disk: written whole or not at all, by one process at a time, and read strictly."""

import os
import sys
import tempfile
import types
import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Final, TypeVar, get_args, get_origin

import numpy as np
import yaml

from restride.errors import ReadError

LOCK: Final = ".lock"

T = TypeVar("T")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else writes in the folder while this is held; waits for whoever does.

    Parameters
    ----------
    folder : Path
    """
    with (folder / LOCK).open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX)  # given back when the file is closed
        yield


def write_whole(path: Path, content: bytes) -> None:
    """Put the content in place of the file in one step: whoever reads sees the old or the new, never a half.

    Parameters
    ----------
    path : Path
    content : bytes
    """
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)  # a temporary file is the owner's alone
        Path(beside).replace(path)
    except BaseException:  # also when stopped by hand
        Path(beside).unlink(missing_ok=True)
        raise


def yaml_of(content: bytes, *, name: str) -> object:
    """What the bytes of a YAML file hold.

    Raises
    ------
    ReadError
        If they are no YAML, with the line.
    """
    try:
        return yaml.safe_load(content.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" near line {mark.line + 1}" if mark is not None else ""
        raise ReadError(
            f"{name}: expected YAML as restride wrote it, found something else{line}; put back the copy before the "
            "change, nothing was written"
        ) from error


def record(kind: type[T], content: object, *, where: str) -> T:
    """A frozen record from the mapping that a file holds, each key and type checked.

    Parameters
    ----------
    kind : type
        A dataclass of texts, numbers, tuples of them, and such records.
    content : object
    where : str
        Place in the file, for messages.

    Raises
    ------
    ReadError
        If a key is missing or unknown, or a value is of another type.
    """
    assert is_dataclass(kind)
    if not isinstance(content, Mapping):
        raise ReadError(f"{where}: expected a mapping, found {_seen(content)}; put back what restride wrote")
    known = {f.name: f.default is MISSING for f in fields(kind)}
    missing = [name for name, needed in known.items() if needed and name not in content]
    unknown = [str(key) for key in content if key not in known]
    if missing or unknown:
        parts = {"without": missing, "with": unknown}
        text = " and ".join(f"{word} {', '.join(names)}" for word, names in parts.items() if names)
        raise ReadError(f"{where}: expected the keys {', '.join(known)}, found it {text}; put back what restride wrote")
    hints = typing.get_type_hints(kind)
    return kind(**{str(key): _value(hints[key], value, f"{where}: {key}") for key, value in content.items()})


def _value(kind: object, value: object, where: str) -> object:
    """The value as the type a record asks for."""
    if is_dataclass(kind) and isinstance(kind, type):
        return record(kind, value, where=where)
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_value(get_args(kind)[0], one, where) for one in value)
    if get_origin(kind) is types.UnionType:
        if value is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is typing.Literal and value in get_args(kind):
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value):
        return float(value)
    if kind in (int, bool, str) and type(value) is kind:
        return value
    raise ReadError(f"{where}: expected {_expected(kind)}, found {_seen(value)}; put back what restride wrote")


def _expected(kind: object) -> str:
    if get_origin(kind) is typing.Literal:
        return f"one of {', '.join(repr(one) for one in get_args(kind))}"
    return {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}.get(
        kind if isinstance(kind, type) else object, "a list"
    )


def _seen(value: object) -> str:
    return "nothing" if value is None else repr(value)[:60]
