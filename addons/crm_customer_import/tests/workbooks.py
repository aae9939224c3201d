"""Makes the files that the tests read: good ones, and bad ones by surgery."""

import csv
import io
import struct
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
import xlwt

HEADER = ["客户名称", "联系人", "手机", "邮箱"]
ROWS = [
    ["深圳创新科技有限公司", "张三", "13800138000", "zhang@a.com"],
    ["北京远大贸易有限公司", "李四", "13900139000", "li@b.com"],
]


def csv_bytes(rows, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows, sheet="Sheet1", **options):
    """Write cells by their Python type; ``options`` go to the workbook."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, options) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    return output.getvalue()


def xls_bytes(rows, merges=(), sheet="Sheet1"):
    """Write .xls; merges: (first row, last row, first column, last column)."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell != "":
                page.write(number, column, cell)
    for merge in merges:
        page.merge(*merge)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def biff2_bytes(rows, encoding="gbk"):
    """Write .xls as Chinese programs of the nineties did: no code page is named."""
    records = [struct.pack("<HHHH", 0x0009, 4, 2, 0x10)]
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            text = cell.encode(encoding)
            label = struct.pack("<HH3sB", number, column, b"\0" * 3, len(text)) + text
            records.append(struct.pack("<HH", 0x0004, len(label)) + label)
    return b"".join([*records, struct.pack("<HH", 0x000A, 0)])


def openpyxl_bytes(fill):
    """Write .xlsx by ``fill(workbook)``."""
    book = openpyxl.Workbook()
    fill(book)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def surgery(content, part, change):
    """Return the zip with ``change(bytes)`` applied to one part (None: dropped)."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            data = source.read(info)
            if info.filename == part:
                data = change(data)
            if data is not None:
                target.writestr(info.filename, data)
    return output.getvalue()


def formatted_xlsx(rows):
    """Write .xlsx; a cell may be (value, number format)."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("客户")
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                value, code = cell if isinstance(cell, tuple) else (cell, "")
                style = book.add_format({"num_format": code}) if code else None
                page.write(number, column, value, style)
    return output.getvalue()


def formatted_xls(rows):
    """Write .xls; a cell may be (value, number format)."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("客户")
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            value, code = cell if isinstance(cell, tuple) else (cell, "General")
            if value != "":
                style = xlwt.XFStyle()
                style.num_format_str = code
                page.write(number, column, value, style)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _record(kind, content=b""):
    """A record of .xlsb: type and length in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    while True:
        head += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + content


def _wide(text):
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode(
        "utf-16-le"
    )


def xlsb_bytes(rows, sheet="客户", merges=(), hidden=()):
    """Write .xlsb; a cell may be (value, number format).

    merges: (first row, last row, column, last column unless the same), counted from
        0 as the hidden rows are
    """
    codes = dict.fromkeys(c[1] for row in rows for c in row if isinstance(c, tuple))
    styles = {code: index for index, code in enumerate(codes, 1)}
    strings = {}
    body = b""
    for number, cells in enumerate(rows):
        height = 0x10 << 24 if number in hidden else 0
        body += _record(0, struct.pack("<III", number, 0, height) + bytes(13))
        for column, cell in enumerate(cells):
            value, code = cell if isinstance(cell, tuple) else (cell, "")
            head = struct.pack("<II", column, styles.get(code, 0))
            if isinstance(value, bool):
                body += _record(4, head + bytes([value]))
            elif isinstance(value, int) and abs(value) < 1 << 29:
                body += _record(
                    2, head + struct.pack("<I", value << 2 & 0xFFFFFFFF | 2)
                )
            elif isinstance(value, int | float):
                body += _record(5, head + struct.pack("<d", value))
            elif value:
                index = strings.setdefault(value, len(strings))
                body += _record(7, head + struct.pack("<I", index))
    ranges = b"".join(
        _record(176, struct.pack("<IIII", first, last, column, *(end or [column])))
        for first, last, column, *end in merges
    )
    formats = b"".join(
        _record(44, struct.pack("<H", 170 + index) + _wide(code))
        for code, index in styles.items()
    )
    plain = [_record(47, struct.pack("<HH", 0, 0) + bytes(12))]
    plain += [
        _record(47, struct.pack("<HH", 0, 170 + index) + bytes(12))
        for index in styles.values()
    ]
    items = [_record(19, b"\0" + _wide(text)) for text in strings]
    count = struct.pack("<II", len(items), len(items))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zip_bytes(
        {
            "_rels/.rels": _relations(
                ("r1", f"{office}/officeDocument", "xl/workbook.bin")
            ),
            "xl/workbook.bin": _record(131)
            + _record(143)
            + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(sheet))
            + _record(144)
            + _record(132),
            "xl/_rels/workbook.bin.rels": _relations(
                ("rId1", f"{office}/worksheet", "worksheets/sheet1.bin"),
                ("rId2", f"{office}/styles", "styles.bin"),
                ("rId3", f"{office}/sharedStrings", "sharedStrings.bin"),
            ),
            "xl/styles.bin": _record(278)
            + _record(615, struct.pack("<I", len(styles)))
            + formats
            + _record(616)
            + _record(617, struct.pack("<I", len(plain)))
            + b"".join(plain)
            + _record(618)
            + _record(279),
            "xl/sharedStrings.bin": _record(159, count)
            + b"".join(items)
            + _record(160),
            "xl/worksheets/sheet1.bin": _record(129)
            + _record(148, struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, 20))
            + _record(145)
            + body
            + _record(146)
            + (_record(177) + ranges + _record(178) if ranges else b"")
            + _record(130),
        }
    )


def _relations(*relations):
    lines = "".join(
        f'<Relationship Id="{id}" Type="{kind}" Target="{target}"/>'
        for id, kind, target in relations
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{lines}</Relationships>'


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods_bytes(body, styles="", mimetype=True):
    """Write .ods around the content of its table ``客户``."""
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"),
                             ("style", "style"), ("draw", "drawing"))
    )  # fmt: skip
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
        f'calcext:1.0"><office:automatic-styles>{styles}</office:automatic-styles>'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="客户">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
    )
    parts = {"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest}
    return zip_bytes({**(parts if mimetype else {}), "content.xml": content})


def ods_row(*cells, repeated=0):
    """A row of .ods: text, numbers, or ready cells (beginning with <)."""
    again = f' table:number-rows-repeated="{repeated}"' if repeated else ""
    return f"<table:table-row{again}>{''.join(map(_ods_cell, cells))}</table:table-row>"


def _ods_cell(cell):
    if isinstance(cell, str) and cell.startswith("<"):
        return cell
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    if not cell:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def renamed(content, rename):
    """Return the zip with every part called ``rename(name)``."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            name = rename(info.filename)
            if name:
                other = zipfile.ZipInfo(name)
                other.filename = name  # ZipInfo would turn a backslash round
                target.writestr(other, source.read(info))
    return output.getvalue()


def zip_bytes(parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            stored = name == "mimetype"  # so that programs find it by its place
            package.writestr(name, data, zipfile.ZIP_STORED if stored else None)
    return output.getvalue()
