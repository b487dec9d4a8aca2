"""restride: the firing pattern of a leg, in motion."""
