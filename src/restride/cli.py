"""The restride command."""


def main() -> None:
    """Entry point."""
