"""Makes the files that the tests read: good ones, and bad ones by surgery."""

import csv
import io
import struct
import zipfile

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


def zip_bytes(parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return output.getvalue()
