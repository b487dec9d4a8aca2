"""Video: from the keypoints of a pose estimator to rhythm, contacts and angles in the plane of the picture."""

from restride.video.angles import angles
from restride.video.cleaning import Cleaned, cleaned
from restride.video.contacts import Contacts, contacts, events, placed_events
from restride.video.rhythm import Rhythm, rhythm
from restride.video.view import Seen, seen_from

__all__ = [
    "Cleaned",
    "Contacts",
    "Rhythm",
    "Seen",
    "angles",
    "cleaned",
    "contacts",
    "events",
    "placed_events",
    "rhythm",
    "seen_from",
]
