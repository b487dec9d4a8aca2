"""How long the main jobs take at a real size, with peers beside us in the same run."""
