"""A workbook that is a zip of parts (.xlsx, .xlsb, .ods), read without trust.

Part names are compared as Excel does: without case, ``\\`` as ``/``. A package
whose files were zipped within a folder is read as if they were not.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Generic, Literal, NamedTuple, TypeVar
from urllib.parse import unquote
from xml.parsers import expat

from .errors import ImportFileError
from .table import MEGABYTE, Limits

if TYPE_CHECKING:
    from typing_extensions import Self

CHUNK = 64 * 1024
# A workbook of repeated text packs 100 : 1; a bomb 1000 : 1.
BOMB_RATIO = 250
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_ROOT_PARTS = ("[content_types].xml", "_rels/.rels", "content.xml", "mimetype")

PackageKind = Literal["xlsx", "xlsb", "ods", "word", "powerpoint", "archive"]
Start = Callable[[str, dict[str, str]], None]
Item = TypeVar("Item")


class Related(NamedTuple):
    """A part that another one relates to; kind: last word of the type."""

    id: str
    kind: str
    part: str


class damage:
    """Turn whatever a broken package raises into ImportFileError."""

    errors: tuple[type[Exception], ...] = (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError,
        ValueError, NotImplementedError, RuntimeError, OverflowError, OSError,
    )  # fmt: skip

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, self.errors):
            raise ImportFileError("damaged", detail=repr(error)) from error


class Package:
    """The parts of a zip. Use it within ``with``, its work within ``damage()``."""

    def __init__(self, content: bytes) -> None:
        """:raises ImportFileError: bytes that are no zip"""
        self._size = len(content)
        with damage():
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._parts = {_key(info.filename): info for info in self._zip.infolist()}
        self._prefix = self._folder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return self._found(part) is not None

    def open(self, part: str) -> IO[bytes]:
        """Open a part.

        :raises LookupError: there is none
        :raises ImportFileError: encrypted
        """
        info = self._found(part)
        if info is None:
            raise KeyError(f"no part {part}")
        if info.flag_bits & 1:
            raise ImportFileError("encrypted")
        return self._zip.open(info)

    def names(self) -> list[str]:
        """Return the part names, folded, in the order of the zip."""
        return [name.removeprefix(self._prefix) for name in self._parts]

    def _found(self, part: str) -> zipfile.ZipInfo | None:
        key = self._prefix + _key(part)
        return self._parts.get(key) or self._parts.get(unquote(key))

    def _folder(self) -> str:
        """Return the one folder everything was zipped in, '' when there is none."""
        own = [name for name in self._parts if not name.startswith("__macosx/")]
        folder = own[0].partition("/")[0] + "/" if own else ""
        if folder and all(name.startswith(folder) for name in own):
            inside = {name.removeprefix(folder) for name in own}
            return folder if inside & set(_ROOT_PARTS) else ""
        return ""

    # --- relations ------------------------------------------------------------

    def workbook_part(self) -> str:
        """Return the main part of an Office package, '' when there is none."""
        for related in self.related(""):
            if related.kind == "officeDocument":
                return related.part
        names = ("workbook.xml", "workbook.bin", "document.xml", "presentation.xml")
        mains = (part for part in self.names() if posixpath.basename(part) in names)
        return next(mains, "")

    def related(self, part: str) -> list[Related]:
        """Return what a part ('': the package) relates to, within the package."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: list[Related] = []
        for tag, values in elements(self, rels) if rels in self else ():
            if tag == "Relationship" and values.get("TargetMode") != "External":
                target = values.get("Target", "").replace("\\", "/")
                path = posixpath.normpath(posixpath.join("/", folder, target))
                kind = values.get("Type", "").rpartition("/")[2]
                found.append(Related(values.get("Id", ""), kind, path.lstrip("/")))
        return found

    def kind(self) -> PackageKind:
        """Tell what the package is by its parts."""
        if "content.xml" in self and self._is_spreadsheet():
            return "ods"
        main = posixpath.basename(self.workbook_part().casefold())
        kinds: dict[str, PackageKind] = {
            "document.xml": "word", "presentation.xml": "powerpoint",
        }  # fmt: skip
        if main.endswith(".bin"):
            return "xlsb"
        return kinds.get(main, "xlsx") if main else "archive"

    def _is_spreadsheet(self) -> bool:
        """Programs leave out mimetype or manifest, so the content is asked as well."""
        for part in ("mimetype", "META-INF/manifest.xml"):
            if part in self and _SPREADSHEET in self.open(part).read(CHUNK):
                return True
        return b"office:spreadsheet" in self.open("content.xml").read(CHUNK * 8)

    def check(self, limits: Limits) -> None:
        """Refuse bombs before anything is unpacked."""
        size = sum(info.file_size for info in self._zip.infolist())
        ratio = size / max(self._size, 1)
        bomb = size > 50 * MEGABYTE and ratio > BOMB_RATIO
        if bomb or size > limits.unpacked_bytes:
            raise ImportFileError("zip_bomb", size=str(size // MEGABYTE))


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


# --- XML ----------------------------------------------------------------------


def local(name: str) -> str:
    """Return a name of XML without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def parsing(
    stream: IO[bytes], start: Start, **handlers: Callable[..., None]
) -> Iterator[None]:
    """Parse a part chunk by chunk, pausing after each."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _no_doctype  # no entities, no entity bombs
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def parse(stream: IO[bytes], start: Start, **handlers: Callable[..., None]) -> None:
    """Parse a whole part; for the small ones and the shared strings."""
    for _chunk in parsing(stream, start, **handlers):
        pass


class PartReader(Generic[Item]):
    """Parses a part chunk by chunk; its handlers put what is finished into
    ``_ready``."""

    def __init__(self) -> None:
        self._ready: list[Item] = []
        self._is_over = False

    def rows(self, stream: IO[bytes]) -> Iterator[Item]:
        """Yield what the handlers find, in its order, until they say it is over."""
        for _chunk in parsing(
            stream,
            self._start,
            EndElementHandler=self._end,
            CharacterDataHandler=self._data,
        ):
            yield from self._ready
            self._ready.clear()
            if self._is_over:
                return

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError

    def _data(self, text: str) -> None:
        raise NotImplementedError


def _no_doctype(*_args: object) -> None:
    raise ImportFileError("damaged", detail="document type declaration")


def elements(package: Package, part: str) -> list[tuple[str, dict[str, str]]]:
    """Return (local name, attributes by local name) of a small part's elements."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        values = {local(key): value for key, value in attributes.items()}
        found.append((local(name), values))

    with package.open(part) as stream:
        parse(stream, start)
    return found
