"""An origin as rows, like every other finding."""

from dataclasses import asdict
from typing import Final

from restride.findings.finding import Finding
from restride.findings.origin.records import MuscleOrigin, Origin
from restride.signals.recording import Side
from restride.signals.vocabulary import plain

# beyond this the number says nothing more, and a file of JSON need not hold infinity
MOST_ODDS: Final = 1e12


def rows(found: Origin) -> list[Finding]:
    """One row per muscle that departs or whose difference is explained; ``value`` is what is left unexplained.

    ``this`` is the measured difference and ``other`` the required one, left leg minus right. Rows have no
    strength: the differences themselves are ranked as findings of topic "muscle".
    """
    told = [m for m in found.muscles if m.verdict not in ("alike", "cannot tell")]
    return [_row(m) for m in told]


def content(found: Origin) -> dict[str, object]:
    """All that is said but the curves, for JSON."""
    return {
        "named": asdict(found.named) if found.named else None,
        "untold": found.untold,
        "odds": min(found.odds, MOST_ODDS),
        "causes": [asdict(cause) for cause in found.causes],
        "muscles": [
            {"site": m.site, "verdict": m.verdict, "situation": m.situation, "reason": m.reason, "sentence": m.sentence}
            for m in found.muscles
        ],
        "departures": [asdict(departure) for departure in found.departures],
        "sentences": list(found.sentences),
        "method": found.method,
    }


def _row(muscle: MuscleOrigin) -> Finding:
    side: Side = "right" if muscle.situation == "right leg" else "left"
    left = muscle.unexplained
    return Finding(
        topic="origin",
        name=f"{plain(muscle.site)}, {muscle.verdict}",
        what=muscle.site,
        side=side,
        value=left.value,
        units="1",
        window=muscle.window,
        window_name=muscle.window_name,
        this=muscle.measured.value,
        other=muscle.required.value,
        interval=left.interval,
        interval_reason=left.reason,
        n=left.n,
        method="measured left minus right, less what the movement asks for; interval over strides, gains and bodies",
        compared_with="required of the legs, left minus right",
        strength=0.0,
        sentence=muscle.sentence,
    )
