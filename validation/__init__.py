"""Each method against a known truth, a published figure or another engine."""
