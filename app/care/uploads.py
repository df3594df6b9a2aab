"""The uploads of a site that keeps none."""

from collections.abc import Iterator


class NoUploads:
    """A storage without files."""

    def list(self) -> Iterator:
        return iter(())
