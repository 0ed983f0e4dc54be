"""Files with certificates of authorities that settings name."""

import ssl
from pathlib import Path

from components.settings.errors import printable
from components.settings.regular_file import check_regular


def read_certificates(setting: str, name: str, project: Path) -> str:
    """Return the text of a file in PEM that holds certificates and nothing secret.

    Args:
        setting: path of the setting that names the file.
        name: the file, relative to the project, or absolute.
        project: folder of the project.

    Raises:
        ValueError: one sentence, if the file cannot be used.
    """
    file = project / name
    if not file.is_file():
        raise ValueError(f"{setting}: there is no file {printable(name)}")
    text = read_text(setting, file)
    if "PRIVATE KEY" in text:
        raise ValueError(f"{setting}: {name} holds a private key; only certificates")
    try:
        # What stands around the certificates may be in any language; OpenSSL takes ASCII.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text.encode("ascii", "replace").decode())
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(f"{setting}: {name} should hold certificates in PEM") from error
    return text


def read_text(setting: str, file: Path) -> str:
    """Return a file's text.

    Raises:
        ValueError: one sentence, if it cannot be read.
    """
    try:
        check_regular(file)
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ValueError(f"{setting}: {file.name} cannot be read: {reason}") from error
