"""What the packaging makes of the README: an index has none of the files that it links to."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"!?\[([^\]]*)\]\((?!https?:|#)[^)]*\)")


def without_relative_links(text: str) -> str:
    """Put the words of a link in place of each that leads to a file beside it."""
    return _LINK.sub(r"\1", text)


class ReadmeHook(MetadataHookInterface):
    """Hands the README on without the links that would lead nowhere."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the text that an index shows."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": without_relative_links(text),
        }
