"""Only the generated part of a document is replaced."""

from pathlib import Path

import pytest

from ops.errors import OperationError
from tools.document import Document

TEXT = "# Title\n<!-- models: begin -->\nold\n<!-- models: end -->\nThe rest.\n"


@pytest.fixture
def document(tmp_path: Path) -> Document:
    file = tmp_path / "page.md"
    file.write_text(TEXT)
    return Document(file, "models")


def test_the_generated_part_is_replaced_and_the_rest_stays(document: Document) -> None:
    assert document.differs("new\n")
    document.write("new\n")
    assert document.file.read_text() == TEXT.replace("old", "\nnew\n")
    assert not document.differs("new\n")


def test_a_document_without_the_comments_is_refused(document: Document) -> None:
    with pytest.raises(
        OperationError, match=r"^page\.md: the lines `<!-- keys: begin -->` and .* are missing; add them$"
    ):
        Document(document.file, "keys").write("new\n")
