"""Open what Excel opens without asking for a password.

A workbook whose structure is protected may be stored encrypted with a password that
is built into Excel ([MS-OFFCRYPTO] 2.4.2.3). Every other password stays one.
"""

from __future__ import annotations

import io
import re

import msoffcrypto
import olefile

from .errors import ImportFileError

BUILT_IN_PASSWORD = "VelvetSweatshop"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "EncryptedPackage"
# Excel asks for 100 000 rounds; a file that asks for more is made to keep us busy.
_MOST_ROUNDS = 1_000_000
_ROUNDS = re.compile(rb'spinCount\s*=\s*["\'](\d+)')
# asked to verify the password; .xls does so unasked, but not in every way
_VERIFIED = {"ooxml": {"verify_password": True}}


def stream_names(content: bytes) -> list[str]:
    """Return the names of the streams an OLE file has at its root, [] when broken."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return [path[0] for path in file.listdir() if len(path) == 1]
    except Exception:  # noqa: BLE001 olefile raises what it likes of a broken file
        return []


def is_encrypted(content: bytes) -> bool:
    """Tell whether a file is a package encrypted by Office."""
    found = content.startswith(OLE) and _PACKAGE.encode("utf-16-le") in content
    return found and not {"Workbook", "Book"} & set(stream_names(content))


def decrypted(content: bytes) -> bytes | None:
    """Return the content without the built-in password; None when it has another.

    :raises ImportFileError: damaged: the password is right, what it opens is not
    """
    found = (rounds.lstrip(b"0") for rounds in _ROUNDS.findall(content))
    if any(int(rounds[:9] or 0) > _MOST_ROUNDS for rounds in found):
        return None
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=BUILT_IN_PASSWORD, **_VERIFIED.get(file.format, {}))
    except Exception:  # noqa: BLE001 another password, or a broken file
        return None
    plain = io.BytesIO()
    try:
        file.decrypt(plain)
    except Exception as error:
        if file.format in _VERIFIED:
            raise ImportFileError("damaged", detail=repr(error)) from error
        return None
    return plain.getvalue()
