"""The files of one analysis that other programs read: findings.json and curves.nc."""

import json
from pathlib import Path

import xarray as xr

from restride.chapters.chapter import Chapter
from restride.findings.origin import content as content_of
from restride.pipeline.analysis import Analysis

# netCDF variable -> what it is called on the coordinate axis it would otherwise share
_OWN_AXIS = {"moments": {"coordinate": "joint_moment"}, "required": {"muscle": "muscle"}}


def findings_json(analysis: Analysis) -> str:
    """The findings as JSON: ``summary`` with the top sentence, ``findings`` strongest first, ``origin``, ``chapters``.

    Numbers that were not measured are ``null``.
    """
    summary = analysis.summary
    content = {
        "synthetic": analysis.synthetic,
        "summary": {
            "sentence": summary.sentence,
            "sureness": summary.sureness,
            "not_measured": list(summary.not_measured),
        },
        "findings": [_without_nan(f.row()) for f in analysis.findings],
        "origin": content_of(analysis.origin) if analysis.origin else None,
        "chapters": [_chapter(chapter) for chapter in analysis.chapters],
        "doubts": [{"about": d.about, "message": d.message, "remedy": d.remedy} for d in analysis.doubts],
        "method": dict(analysis.method),
        "plan": analysis.plan.settings(),
        "sources": [{"format": s.format, "sha256": s.sha256} for s in analysis.recording.sources],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)


def curves_dataset(analysis: Analysis) -> xr.Dataset:
    """All curves per stride as one Dataset, ready for netCDF.

    Returns
    -------
    Dataset
        One variable per kind, dims (cycle, phase, name), each with ``units`` and ``method``;
        ``cycle`` carries ``side``, ``start_s`` and ``end_s``. Empty without strides.
    """
    variables = {}
    for kind, curve in analysis.curves.items():
        plain = curve.reset_coords(drop=True).assign_coords(side=("cycle", curve["side"].values))
        plain.attrs = {"units": curve.attrs["units"], "method": analysis.method.get(kind, "")}
        variables[kind] = plain.rename(_OWN_AXIS.get(kind, {}))
    dataset = xr.merge([v.rename(k) for k, v in variables.items()], join="outer", compat="no_conflicts")
    if "cycle" in dataset.coords:
        rows = analysis.cycles.loc[dataset["cycle"].values]
        dataset = dataset.assign_coords(
            side=("cycle", rows["side"].to_numpy(dtype=str)),
            start_s=("cycle", rows["start_s"].to_numpy(dtype=float)),
            end_s=("cycle", rows["end_s"].to_numpy(dtype=float)),
        )
    dataset.attrs = {
        "title": "restride curves",
        "plan": analysis.plan.fingerprint(),
        "synthetic": str(analysis.synthetic),
    }
    return dataset


def write(analysis: Analysis, folder: Path) -> tuple[Path, Path]:
    """Write ``findings.json`` and ``curves.nc`` into a folder, which is made if missing.

    Parameters
    ----------
    analysis : Analysis
    folder : Path

    Returns
    -------
    tuple of Path
        The two files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    findings, curves = folder / "findings.json", folder / "curves.nc"
    findings.write_text(findings_json(analysis), encoding="utf-8")
    curves_dataset(analysis).to_netcdf(curves, engine="h5netcdf")
    return findings, curves


def _chapter(chapter: Chapter) -> dict[str, object]:
    return {
        "key": chapter.key,
        "title": chapter.title,
        "sentences": list(chapter.sentences),
        "sureness": chapter.sureness,
        "measures": [_without_nan(m.row()) for m in chapter.measures],
        "not_measured": list(chapter.not_measured),
        "method": chapter.method,
    }


def _without_nan(row: dict[str, object]) -> dict[str, object]:
    return {k: None if isinstance(v, float) and v != v else v for k, v in row.items()}
