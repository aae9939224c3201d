"""Why a whole file cannot be read, as stable codes with their parameters."""

from __future__ import annotations

# What a file may be instead of a table: value of the parameter ``what`` -> words.
KINDS: dict[str, str] = {
    "pdf": "a PDF document",
    "image": "a picture",
    "word": "a Word document",
    "powerpoint": "a presentation",
    "mail": "an e-mail message",
    "archive": "an archive",
    "program": "a program",
    "media": "a sound or film",
    "unknown": "something else",
    "xml_spreadsheet": "an XML spreadsheet of 2003",
    "mhtml": "a single-file web page",
    "rtf": "a rich text document",
}

# code -> English sentence with %(name)s placeholders, saying what to do next.
MESSAGES: dict[str, str] = {
    "not_a_table": (
        "This file is not a table but %(what)s, whatever its name says. "
        "Save the list as an Excel workbook (.xlsx) and upload that."
    ),
    "old_format": (
        "This file is %(what)s, which cannot be read here. Open it in Excel or "
        "WPS, choose Save as, Excel workbook (.xlsx), and upload that."
    ),
    "encrypted": (
        "The workbook is protected by a password. Open it in Excel, remove the "
        "password (File, Info, Protect workbook), save it and upload it again."
    ),
    "empty_file": "The file has no filled cell. Choose the file that holds the list.",
    "empty_sheet": ("The sheet “%(sheet)s” has no filled cell. Choose another sheet."),
    "no_such_sheet": (
        "The workbook has no sheet “%(sheet)s”. Choose one of: %(sheets)s."
    ),
    "too_large": (
        "The file is larger than %(limit)s MB. Split the list into several files."
    ),
    "too_many_rows": (
        "The sheet has more than %(limit)s rows. Split the list into several files."
    ),
    "too_many_columns": (
        "The sheet has filled cells right of column %(limit)s. Copy the columns of "
        "the list into a new workbook and upload that."
    ),
    "zip_bomb": (
        "The workbook unpacks to %(size)s MB, which no customer list has. Copy the "
        "list alone into a new workbook and upload that."
    ),
    "damaged": (
        "The file is damaged or was not transferred completely. Open it in Excel, "
        "save it under a new name and upload that."
    ),
    "no_header": (
        "No row with column titles such as Customer name, Phone or E-mail was found "
        "among the first %(rows)s rows. Put the titles above the first customer."
    ),
    "unknown_encoding": (
        "The characters of this text file cannot be recognised. Save it in Excel as "
        "“CSV UTF-8” or as a workbook (.xlsx)."
    ),
    "unsupported_html_table": (
        "This file is a web page without a simple table, saved under a spreadsheet's "
        "name. Open it in Excel, save it as a workbook (.xlsx) and upload that."
    ),
}


class ImportFileError(Exception):
    """The file as a whole cannot be read.

    code: a key of MESSAGES; stable, the caller translates by it
    params: values for the placeholders, all strings; ``what`` is a key of KINDS;
        ``detail`` is for the log only
    """

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.params = params
        words = {**params, "what": KINDS.get(params.get("what", ""), "")}
        super().__init__(MESSAGES[code] % words)
