"""Arguments in, exit status out; the one place of the package that prints."""

from ostinato.cli.main import main

__all__ = ["main"]
