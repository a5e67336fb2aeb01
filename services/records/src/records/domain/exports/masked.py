"""A name as far as a check of an export tells it: enough for who holds the paper, no name for who does not."""


def masked(name: str) -> str:
    """Return the first letter of each word and three stars, however long the word is: `N*** V*** M***`."""
    return " ".join(f"{word[0]}***" for word in name.split())
