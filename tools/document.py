"""A hand-written document that holds a generated part."""

import re
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OperationError


@dataclass(frozen=True)
class Document:
    """A Markdown file with a part between two comments, `<!-- NAME: begin -->` and `<!-- NAME: end -->`."""

    file: Path
    name: str
    """Of the generated part."""

    def with_part(self, text: str) -> str:
        """Give the whole document with this text as its generated part.

        Raises:
            OperationError: when the document lacks the comments.
        """
        begin, end = f"<!-- {self.name}: begin -->", f"<!-- {self.name}: end -->"
        found = re.fullmatch(f"(.*{begin}\n).*({end}\n.*)", self.file.read_text(), flags=re.DOTALL)
        if not found:
            raise OperationError(
                f"{self.file.name}: lacks the lines `{begin}` and `{end}`, between which generated text goes"
            )
        return f"{found[1]}\n{text}\n{found[2]}"

    def differs(self, text: str) -> bool:
        """Tell whether the generated part is another text."""
        return self.with_part(text) != self.file.read_text()

    def write(self, text: str) -> None:
        """Replace the generated part."""
        self.file.write_text(self.with_part(text))
