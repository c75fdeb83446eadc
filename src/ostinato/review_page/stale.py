"""A change that comes from a window which had not seen what others did."""

_WHY = "Others have changed this review since this window last saw it, so nothing was done yet:"


class Stale(Exception):  # noqa: N818 - what happened, not what is wrong
    """A window had not seen what others wrote; `between` says that in words."""

    def __init__(self, between: list[str], why: str = _WHY) -> None:
        super().__init__(between, why)
        self.between, self.why = between, why
