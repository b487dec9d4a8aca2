"""Files to one Recording: markers, forces, angles, EMG and events of one take."""

from restride.readers.formats import FORMATS, Format, read
from restride.readers.take import Take, load

__all__ = ["FORMATS", "Format", "Take", "load", "read"]
