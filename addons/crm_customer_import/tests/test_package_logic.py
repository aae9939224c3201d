"""The tools package and protection: zips as they come, without trust."""

import io
import zipfile
from functools import cache
from unittest.mock import Mock, patch
from xml.parsers import expat

from msoffcrypto.format.ooxml import OOXMLFile

from odoo.tests import BaseCase

from ..tools import package as packages
from ..tools import protection
from ..tools.errors import ImportFileError
from ..tools.package import BOMB_RATIO, Package, Related, parse
from ..tools.table import MEGABYTE, Limits
from .workbooks import (
    ODS_TYPE,
    ods_bytes,
    ods_row,
    xls_bytes,
    xlsb_bytes,
    xlsx_bytes,
    zip_bytes,
)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

PLAIN = xlsx_bytes([["a", "b"]])


def relations(*attributes):
    lines = "".join(f"<Relationship {one}/>" for one in attributes)
    return f"<Relationships>{lines}</Relationships>"


class TestPackage(BaseCase):
    """# C8: parts are found as Excel finds them."""

    def package(self, parts):
        return Package(zip_bytes(parts))

    def test_parts_go_by_name_without_case_and_folder(self):
        for name in ("xl/a.xml", "XL\\A.xml", "/xl/a.xml", "my/xl/a.xml"):
            folder = name.partition("/")[0] == "my"
            parts = {name: "x", "my/_rels/.rels" if folder else "_rels/.rels": "y"}
            with self.package(parts) as package:
                self.assertIn("xl/A.xml", package, name)
                self.assertEqual(package.open("xl/a.xml").read(), b"x")
                self.assertNotIn("a.xml", package)
                self.assertEqual(set(package.names()), {"xl/a.xml", "_rels/.rels"})

    def test_a_folder_is_one_only_if_everything_lies_in_it(self):
        root = "my/content.xml"
        for parts, inside in (
            ({root: "x"}, True),
            ({root: "x", "__MACOSX/my/x": "y"}, True),
            ({root: "x", "other.xml": "y"}, False),
            ({"my/other.xml": "x"}, False),
        ):
            with self.package(parts) as package:
                self.assertEqual("content.xml" in package, inside, parts)
        with self.package({}) as package:
            self.assertEqual(package.names(), [])

    def test_names_written_as_addresses(self):
        with self.package({"xl/sheet 1.xml": "x"}) as package:
            self.assertIn("xl/sheet%201.xml", package)
            self.assertRaises(LookupError, package.open, "xl/sheet2.xml")

    def test_relations(self):
        """Absolute and relative targets; what lies outside is no part."""
        rels = relations(
            f'Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/s.xml"',
            f'Id="r2" Type="{OFFICE}/styles" Target="/xl/styles.xml"',
            'Id="r3" Type="x/link" TargetMode="External" Target="http://a.cn"',
            'Target="..\\up.xml"',
        )
        with self.package({"xl/_rels/workbook.xml.rels": rels}) as package:
            self.assertEqual(
                package.related("xl/workbook.xml"),
                [
                    Related("r1", "worksheet", "xl/worksheets/s.xml"),
                    Related("r2", "styles", "xl/styles.xml"),
                    Related("", "", "up.xml"),
                ],
            )
            self.assertEqual(package.related("xl/other.xml"), [])

    def test_the_main_part(self):
        rels = relations(
            f'Id="r1" Type="{OFFICE}/extended-properties" Target="docProps/app.xml"',
            f'Id="r2" Type="{OFFICE}/officeDocument" Target="xl/book.xml"',
        )
        for parts, main in (
            ({"_rels/.rels": rels, "xl/workbook.xml": "x"}, "xl/book.xml"),
            ({"a.xml": "x", "xl/Workbook.xml": "x"}, "xl/workbook.xml"),
            ({"a/workbook.bin": "x"}, "a/workbook.bin"),
            ({"a.xml": "x"}, ""),
        ):
            with self.package(parts) as package:
                self.assertEqual(package.workbook_part(), main)

    def test_kinds(self):
        for parts, kind in (
            ({"xl/workbook.xml": "x"}, "xlsx"),
            ({"xl/workbook.bin": "x"}, "xlsb"),
            ({"word/document.xml": "x"}, "word"),
            ({"ppt/presentation.xml": "x"}, "powerpoint"),
            ({"a.txt": "x"}, "archive"),
            ({"mimetype": ODS_TYPE, "content.xml": "x"}, "ods"),
            ({"META-INF/manifest.xml": ODS_TYPE, "content.xml": "x"}, "ods"),
            ({"content.xml": "<office:spreadsheet>"}, "ods"),
            ({"mimetype": "x", "content.xml": "<office:spreadsheet>"}, "ods"),
            ({"mimetype": ODS_TYPE}, "archive"),
            ({"content.xml": "x"}, "archive"),
            ({"content.xml": "x", "xl/workbook.xml": "x"}, "xlsx"),
        ):
            with self.subTest(parts=parts), self.package(parts) as package:
                self.assertEqual(package.kind(), kind)

    def test_a_spreadsheet_says_so_near_its_beginning(self):
        """Fonts and styles stand before it, half a megabyte of them at most."""
        mark = "office:spreadsheet"
        for gap, kind in (
            (8 * 65536 - len(mark), "ods"),
            (8 * 65536 - len(mark) + 1, "archive"),
        ):
            with self.package({"content.xml": " " * gap + mark}) as package:
                self.assertEqual(package.kind(), kind)

    def test_encrypted_parts(self):
        content = bytearray(zip_bytes({"a.xml": "x"}))
        content[content.find(b"PK\x01\x02") + 8] |= 1
        with (
            Package(bytes(content)) as package,
            self.assertRaises(ImportFileError) as caught,
        ):
            package.open("a.xml")
        self.assertEqual(caught.exception.code, "encrypted")
        content[content.find(b"PK\x01\x02") + 8] = 2  # how it was packed
        with Package(bytes(content)) as package:
            self.assertEqual(package.open("a.xml").read(), b"x")

    def test_bombs_by_size_and_ratio(self):
        """Small ones and badly packed ones are workbooks; too large is too large."""
        limits = Limits(unpacked_bytes=60 * MEGABYTE)
        for size, packed, refused in (
            (50 * MEGABYTE, 1, False),
            (50 * MEGABYTE + 1, 1, True),
            (230_000 * BOMB_RATIO, 230_000, False),
            (230_000 * BOMB_RATIO, 229_999, True),
            (60 * MEGABYTE, 30 * MEGABYTE, False),
            (60 * MEGABYTE + 1, 30 * MEGABYTE, True),
        ):
            with self.subTest(size=size, packed=packed), self.package({}) as package:
                package._size = packed
                package._zip = _Claiming(size)
                if refused:
                    with self.assertRaises(ImportFileError) as caught:
                        package.check(limits)
                    self.assertEqual(caught.exception.code, "zip_bomb")
                    self.assertEqual(
                        caught.exception.params["size"], str(size // MEGABYTE)
                    )
                else:
                    package.check(limits)

    def test_what_a_broken_part_raises_is_damage(self):
        for text in ("<a>", "<!DOCTYPE a><a/>", "", "<a>&b;</a>"):
            with self.package({"a.xml": text}) as package:
                with self.assertRaises(ImportFileError) as caught, packages.damage():
                    packages.elements(package, "a.xml")
                self.assertEqual(caught.exception.code, "damaged")
        with self.assertRaises(ZeroDivisionError), packages.damage():
            raise ZeroDivisionError
        with self.assertRaises(ImportFileError):
            Package(b"no zip")

    def test_elements_without_prefixes(self):
        text = '<x:a xmlns:x="u" x:b="1" c="2"><x:d/></x:a>'
        with self.package({"a.xml": text}) as package:
            found = packages.elements(package, "a.xml")
        self.assertEqual([name for name, _values in found], ["a", "d"])
        self.assertEqual(found[0][1]["b"], "1")
        self.assertEqual(found[0][1]["c"], "2")


class _Claiming:
    """A zip that claims to unpack to a size."""

    def __init__(self, size):
        self._size = size

    def infolist(self):
        info = zipfile.ZipInfo("a")
        info.file_size = self._size
        return [info]

    def close(self):
        pass


class TestParsing(BaseCase):
    """# C8: half a part is no part."""

    def test_a_part_that_is_cut(self):
        whole = "<a><b>1</b></a>"
        for end in range(len(whole)):
            with self.assertRaises(expat.ExpatError, msg=whole[:end]):
                parse(io.BytesIO(whole[:end].encode()), lambda *_tag: None)
        parse(io.BytesIO(whole.encode()), lambda *_tag: None)


@cache
def encrypted(password):
    """A workbook with a password; it takes a moment."""
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(PLAIN)).encrypt(password, target)
    return target.getvalue()


class TestProtection(BaseCase):
    """# C8: what Excel opens without a password is opened, nothing else."""

    def test_the_password_of_excel_and_others(self):
        opened = encrypted(protection.BUILT_IN_PASSWORD)
        self.assertTrue(protection.is_encrypted(opened))
        self.assertEqual(protection.decrypted(opened), PLAIN)
        closed = encrypted("other")
        self.assertTrue(protection.is_encrypted(closed))
        self.assertIsNone(protection.decrypted(closed))

    def test_files_that_are_not_encrypted(self):
        name = "EncryptedPackage".encode("utf-16-le")
        for content in (
            xlsx_bytes([["a"]]),
            xlsb_bytes([["a"]]),
            ods_bytes(ods_row("a")),
            name,
            protection.OLE,
            b"",
        ):
            self.assertIs(protection.is_encrypted(content), False)
        self.assertTrue(protection.is_encrypted(protection.OLE + name))

    def test_a_workbook_that_names_the_part_of_encrypted_ones(self):
        content = xls_bytes([["EncryptedPackage、加密"]])
        self.assertIn("EncryptedPackage".encode("utf-16-le"), content)
        self.assertIs(protection.is_encrypted(content), False)

    def test_the_right_password_of_something_damaged(self):
        """Only of .xlsx is it sure that the password was right."""
        asked = []
        file = Mock()
        file.load_key.side_effect = lambda **words: asked.append(words)
        file.decrypt.side_effect = ValueError
        with patch.object(protection.msoffcrypto, "OfficeFile", return_value=file):
            file.format = "ooxml"
            with self.assertRaises(ImportFileError) as caught:
                protection.decrypted(b"x")
            file.format = "xls97"
            self.assertIsNone(protection.decrypted(b"x"))
        self.assertEqual(caught.exception.code, "damaged")
        key = {"password": protection.BUILT_IN_PASSWORD}
        self.assertEqual(asked, [{**key, "verify_password": True}, key])

    def test_rounds_that_keep_a_server_busy(self):
        content = encrypted(protection.BUILT_IN_PASSWORD)
        for rounds in (b"1000001", b"0000000001000001", b"9" * 5000):
            asked = content + b'spinCount="%b"' % rounds
            self.assertIsNone(protection.decrypted(asked))
        for rounds in (b"1000000", b"000", b"0001000000"):
            asked = content + b'spinCount="%b"' % rounds
            self.assertIsNotNone(protection.decrypted(asked))

    def test_names_of_streams(self):
        content = encrypted(protection.BUILT_IN_PASSWORD)
        self.assertIn("EncryptedPackage", protection.stream_names(content))
        self.assertNotIn("Version", protection.stream_names(content))
        self.assertEqual(protection.stream_names(protection.OLE), [])
