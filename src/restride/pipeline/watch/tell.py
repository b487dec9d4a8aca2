"""The chapters of an outing, the most telling first."""

import pandas as pd

from restride.pipeline.chapter import Chapter
from restride.pipeline.watch.course import course
from restride.pipeline.watch.inside import inside
from restride.pipeline.watch.pedals import pedals
from restride.pipeline.watch.second_device import second_device
from restride.pipeline.watch.shares import shares
from restride.signals.recording import Recording


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:  # noqa: ARG001  a teller's signature
    """What the records of a watch or of power pedals show; none where a recording holds no such records.

    Parameters
    ----------
    recording : Recording
        Also one of a laboratory beside which a watch ran.
    table : DataFrame
        Strides; an outing has none.

    Returns
    -------
    list of Chapter
        Every outing has at least the chapter "course".
    """
    return [*shares(recording), *pedals(recording), *course(recording), *second_device(recording), *inside(recording)]
