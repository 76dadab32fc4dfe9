"""What the console script starts."""


def main() -> int:
    """Run the program."""
    return 0
