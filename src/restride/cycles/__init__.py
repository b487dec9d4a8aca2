"""When things happen: contacts, strides, and signals cut into them."""

from restride.cycles.force_events import events_from_force
from restride.cycles.normalise import by_leg, normalise
from restride.cycles.segment import kept, rejected, segment

__all__ = ["by_leg", "events_from_force", "kept", "normalise", "rejected", "segment"]
