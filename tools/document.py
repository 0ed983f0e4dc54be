"""A Markdown document of which one part is generated."""

import re
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OperationError


@dataclass(frozen=True)
class Document:
    """A file whose generated part stands between the comments `<!-- NAME: begin -->` and `<!-- NAME: end -->`."""

    file: Path
    name: str
    """Name of the generated part."""

    def with_part(self, text: str) -> str:
        """Return the whole document with this text as its generated part.

        Raises:
            OperationError: if the document lacks the comments.
        """
        begin, end = f"<!-- {self.name}: begin -->", f"<!-- {self.name}: end -->"
        found = re.fullmatch(f"(.*{begin}\n).*({end}\n.*)", self.file.read_text(), flags=re.DOTALL)
        if not found:
            raise OperationError(f"{self.file.name}: the lines `{begin}` and `{end}` are missing; add them")
        return f"{found[1]}\n{text}\n{found[2]}"

    def differs(self, text: str) -> bool:
        """Return whether the generated part is a different text."""
        return self.with_part(text) != self.file.read_text()

    def write(self, text: str) -> None:
        """Replace the generated part."""
        self.file.write_text(self.with_part(text))
