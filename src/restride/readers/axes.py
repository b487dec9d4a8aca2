"""From the axes of a file to the lab: y up, and x forward where take.yaml says."""

from restride.readers.take import Take
from restride.signals.frames import lab_rotation, turned, upright
from restride.signals.recording import Recording


def in_lab(recording: Recording, take: Take, *, up: str) -> Recording:
    """The recording of one file with y up.

    Parameters
    ----------
    recording : Recording
        Vectors in the axes of the file.
    take : Take
        Its ``axes`` go before anything else.
    up : str
        The axis that is up in files of this kind, ``"+y"`` or as the file says.
    """
    if take.axes is not None:
        return turned(recording, lab_rotation(forward=take.axes.forward, up=take.axes.up))
    return upright(recording, up=up)
