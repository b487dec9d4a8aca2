"""The files of one comparison that other programs read: findings.json and curves.nc."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from restride.findings.finding import Finding
from restride.findings.origin import content as content_of
from restride.pipeline.comparison.records import Comparison, MeasureChange

# kinds whose names would share an axis with those of another kind
_OWN_AXIS: Final = {"moments": "joint_moment"}


def comparison_json(comparison: Comparison) -> str:
    """The comparison as JSON: ``summary``, ``warnings``, ``changes``, ``interactions``, ``measures``.

    Strongest first. Numbers that were not measured are ``null``. A change is the first recording minus the second.

    Parameters
    ----------
    comparison : Comparison
    """
    analyses = (comparison.first, comparison.second)
    content = {
        "synthetic": any(a.synthetic for a in analyses),
        "names": list(comparison.names),
        "summary": {
            "sentence": comparison.summary.sentence,
            "sureness": comparison.summary.sureness,
            "not_measured": list(comparison.summary.not_measured),
        },
        "warnings": [asdict(w) for w in comparison.warnings],
        "conditions": [asdict(d) for d in comparison.conditions],
        "one_sticking_of_electrodes": comparison.one_sticking,
        "baseline_sessions": comparison.baseline,
        "changes": [_row(comparison, f) for f in comparison.changes],
        "interactions": [_row(comparison, f) for f in comparison.interactions],
        "measures": [_row(comparison, m) for m in comparison.measures],
        "origin": {side: content_of(origin) for side, origin in comparison.origin.items()},
        "method": [dict(a.method) for a in analyses],
        "plan": [a.plan.settings() for a in analyses],
        "sources": [[{"format": s.format, "sha256": s.sha256} for s in a.recording.sources] for a in analyses],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def comparison_dataset(comparison: Comparison) -> xr.Dataset:
    """The strides of both recordings on one scale, and their differences, ready for netCDF.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    Dataset
        Per kind ``<kind>_first`` and ``<kind>_second``, dims (cycle_first or cycle_second, phase, name), with the
        leg in ``side_first`` and ``side_second``; and ``<kind>_change``, ``_low``, ``_high`` and ``_p``, dims
        (side, phase, name).
    """
    dataset = xr.Dataset()
    for kind, pair in comparison.curves.items():
        for which, curves in zip(("first", "second"), pair, strict=True):
            plain = curves.rename(cycle=f"cycle_{which}", **_renamed(kind, curves))
            side = plain["side"].values.astype(str)
            plain = plain.reset_coords(drop=True).assign_coords({f"side_{which}": (f"cycle_{which}", side)})
            plain.attrs = {"units": curves.attrs["units"]}
            dataset = dataset.merge(plain.rename(f"{kind}_{which}"), join="outer", compat="no_conflicts")
        change = comparison.differences[kind]
        for key, name in (("mean", "change"), ("low", "low"), ("high", "high"), ("p", "p")):
            one = change[key].rename(_renamed(kind, change[key]))
            dataset = dataset.merge(one.rename(f"{kind}_{name}"), join="outer", compat="no_conflicts")
    dataset.attrs = {
        "title": "restride comparison: first minus second",
        "first": comparison.names[0],
        "second": comparison.names[1],
        "synthetic": str(comparison.first.synthetic or comparison.second.synthetic),
    }
    return dataset


def write_comparison(comparison: Comparison, folder: Path) -> tuple[Path, Path]:
    """Write ``findings.json`` and ``curves.nc`` into a folder, which is made if missing.

    Parameters
    ----------
    comparison : Comparison
    folder : Path

    Returns
    -------
    tuple of Path
        The two files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    findings, curves = folder / "findings.json", folder / "curves.nc"
    findings.write_text(comparison_json(comparison), encoding="utf-8")
    comparison_dataset(comparison).to_netcdf(curves, engine="h5netcdf")
    return findings, curves


def _row(comparison: Comparison, change: Finding | MeasureChange) -> Mapping[str, object]:
    noise = comparison.own_noise[change]
    if isinstance(change, Finding):
        row: dict[str, object] = change.row()
    else:
        row = asdict(change)
        row["interval_low"], row["interval_high"] = row.pop("interval") or (None, None)  # type: ignore[misc]
    row |= {"own_noise": noise.verdict, "own_noise_words": noise.words}
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in row.items()}


def _renamed(kind: str, curves: xr.DataArray) -> dict[str, str]:
    return {str(d): _OWN_AXIS[kind] for d in curves.dims if kind in _OWN_AXIS and str(d) == "coordinate"}
