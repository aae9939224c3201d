"""Sentences for the stable codes of the engine, as terms to translate.

The engine carries the same English sentences for use without Odoo;
tests/test_import_messages_translated.py holds the two together.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# what a file is instead of a table
KINDS = {
    "pdf": _lt("a PDF document"),
    "image": _lt("a picture"),
    "word": _lt("a Word document"),
    "powerpoint": _lt("a presentation"),
    "mail": _lt("an e-mail message"),
    "archive": _lt("an archive"),
    "program": _lt("a program"),
    "media": _lt("a sound or film"),
    "unknown": _lt("something else"),
    "xml_spreadsheet": _lt("an XML spreadsheet of 2003"),
    "mhtml": _lt("a single-file web page"),
    "rtf": _lt("a rich text document"),
}

# why a whole file cannot be imported
FILE_MESSAGES = {
    "not_a_table": _lt(
        "This file is not a table but %(what)s, whatever its name says. Save the "
        "list as an Excel workbook (.xlsx) and upload that."
    ),
    "old_format": _lt(
        "This file is %(what)s, which cannot be read here. Open it in Excel or "
        "WPS, choose Save as, Excel workbook (.xlsx), and upload that."
    ),
    "encrypted": _lt(
        "The workbook is protected by a password. Open it in Excel, remove the "
        "password (File, Info, Protect workbook), save it and upload it again."
    ),
    "empty_file": _lt(
        "The file has no filled cell. Choose the file that holds the list."
    ),
    "empty_sheet": _lt(
        "The sheet “%(sheet)s” has no filled cell. Choose another sheet."
    ),
    "no_such_sheet": _lt(
        "The workbook has no sheet “%(sheet)s”. Choose one of: %(sheets)s."
    ),
    "too_large": _lt(
        "The file is larger than %(limit)s MB. Split the list into several files."
    ),
    "too_many_rows": _lt(
        "The sheet has more than %(limit)s rows. Split the list into several files."
    ),
    "too_many_columns": _lt(
        "The sheet has filled cells right of column %(limit)s. Copy the columns "
        "of the list into a new workbook and upload that."
    ),
    "zip_bomb": _lt(
        "The workbook unpacks to %(size)s MB, which no customer list has. Copy "
        "the list alone into a new workbook and upload that."
    ),
    "damaged": _lt(
        "The file is damaged or was not transferred completely. Open it in Excel,"
        " save it under a new name and upload that."
    ),
    "no_header": _lt(
        "No row with column titles such as Customer name, Phone or E-mail was "
        "found among the first %(rows)s rows. Put the titles above the first "
        "customer."
    ),
    "unknown_encoding": _lt(
        "The characters of this text file cannot be recognised. Save it in Excel "
        "as “CSV UTF-8” or as a workbook (.xlsx)."
    ),
    "unsupported_html_table": _lt(
        "This file is a web page without a simple table, saved under a "
        "spreadsheet's name. Open it in Excel, save it as a workbook (.xlsx) and "
        "upload that."
    ),
    "no_rows": _lt(
        "There are column titles but no row below them. Choose the file or sheet "
        "that holds the customers."
    ),
    "unexpected": _lt(
        "The file could not be read (%(detail)s). Open it in Excel, save it as a "
        "new workbook (.xlsx) and upload that."
    ),
}

# what is wrong with a value; the checks of the hub have their own sentences. Rows of
# older imports still carry unknown_choice, owner_not_allowed and property_choice.
PROBLEMS = {
    "no_name": _lt("The row names neither a customer nor a contact. Write one."),
    "too_long": _lt(
        "“%(value)s…” is longer than this field holds. Shorten it or move it to "
        "the notes."
    ),
    "unknown_choice": _lt(
        "“%(value)s” is not one of the choices. Write one of them as the template"
        " lists them."
    ),
    "choice_to_comment": _lt(
        "“%(value)s” is not one of the choices and was put into the notes."
    ),
    "looked_after_by": _lt("It is looked after by %(value)s."),
    "words_noted": _lt("Into the notes, as long as nobody decides: %(value)s."),
    "not_a_name": _lt(
        "“%(value)s” is a date or a number, not a name. Write the name of the customer."
    ),
    "several_people": _lt(
        "“%(value)s” names several people. The first one is the contact, all of them"
        " are in the notes."
    ),
    "area_code": _lt(
        "“%(value)s” has no area code; that of the city was put before it."
    ),
    "old_tax_number": _lt(
        "“%(value)s” is a tax number of before 2015 and was put into the notes. Enter"
        " the unified social credit code of 18 characters."
    ),
    "moved_to_notes": _lt("“%(value)s” does not fit here and was put into the notes."),
    "error_cell": _lt("The cell holds the error %(value)s and was taken as empty."),
    "formula_without_value": _lt(
        "The formula %(value)s has no result stored. Open the workbook in Excel, "
        "save it and import again, or paste values."
    ),
    "digits_lost": _lt(
        "The spreadsheet keeps 15 digits only, so the end of %(value)s is lost. "
        "Format the column as text and enter the full number."
    ),
    "exponent": _lt(
        "“%(value)s” is a number that a spreadsheet shortened, so its last digits "
        "are lost. Format the column as text and enter the full number."
    ),
    "extra_cell": _lt(
        "The row has more cells than there are titles: “%(value)s”. Perhaps a comma "
        "within a value splits it; correct the row, or write a title above the "
        "column."
    ),
    "other_table": _lt(
        "“%(value)s” stands in another table of the page, with other columns. Save "
        "that table as a list of its own."
    ),
    "bad_encoding": _lt(
        "The row has characters that cannot be read: “%(value)s”. Correct them in"
        " the list."
    ),
    "other_encoding": _lt(
        "The row was written in another character set than the rest of the file "
        "(%(value)s). Check its text."
    ),
    "unclosed_quote": _lt(
        "The row opens a quotation mark that is never closed. Remove it or close it."
    ),
    "hidden_row": _lt("The row is hidden in the spreadsheet, by a filter or by hand."),
    "remark_row": _lt(
        "A heading or remark within the list, not a customer. If it is one, fill in "
        "another cell of its row."
    ),
    "total_row": _lt("A row of totals, not a customer."),
    "repeated_header": _lt("The column titles once more, not a customer."),
    "owner_not_allowed": _lt(
        "You may not make %(value)s the owner. Write yourself, or leave the cell empty."
    ),
    "property_unknown": _lt(
        "This custom field no longer exists; “%(value)s” is in the notes."
    ),
    "property_type": _lt(
        "This custom field cannot be filled from a list; “%(value)s” is in the notes."
    ),
    "property_number": _lt("“%(value)s” is not a number and was put into the notes."),
    "property_date": _lt(
        "“%(value)s” is not a date and was put into the notes. Write it like "
        "2026-12-31."
    ),
    "property_choice": _lt("“%(value)s” is not one of the choices of this field."),
    "property_boolean": _lt(
        "“%(value)s” is neither yes nor no and was put into the notes."
    ),
}

# why a row is decided as it is
REASONS = {
    "bad_value": _lt("A value of the row is wrong."),
    "remark_row": _lt(
        "A heading or remark within the list, not a customer. If it is one, fill in "
        "another cell of its row."
    ),
    "total_row": _lt("A row of totals, not a customer."),
    "repeated_header": _lt("The column titles once more, not a customer."),
    "by_person": _lt("Decided by hand."),
    "nothing_to_update": _lt("No customer matches the row, so none can be updated."),
    "same_code": _lt("A customer with this customer code exists."),
    "same_vat": _lt("A customer with this credit code or ID number exists."),
    "same_phone": _lt("A customer with this phone number exists."),
    "same_email": _lt("A customer with this e-mail address exists."),
    "same_name": _lt("A customer of this name exists."),
    "other_name": _lt(
        "A customer with this phone number or e-mail address exists under another"
        " name. Decide for this row whether it is the same customer."
    ),
    "ambiguous": _lt(
        "Several customers match the row. Merge them first, or give the customer "
        "code in the list."
    ),
    "not_visible": _lt(
        "This customer exists already and belongs to somebody else. Ask your "
        "manager or the administrator."
    ),
    "not_writable": _lt("This customer exists already and you may not change it."),
    "code_taken": _lt(
        "A customer with this customer code exists, and a code is given only once."
    ),
    "same_customer_row": _lt(
        "The same customer as in row %(row)s, with another contact."
    ),
    "repeat_row": _lt("The same customer as in row %(row)s, with nothing to add."),
    "ambiguous_row": _lt(
        "Several earlier rows match this one by different values. Give the "
        "customer code in the list, or decide for this row."
    ),
    "other_name_row": _lt(
        "The phone number or e-mail address of row %(row)s under another name. "
        "Decide for this row whether it is the same customer."
    ),
}


def file_message(env, code: str, params: dict[str, str]) -> str:
    """Say why the file cannot be imported and what to do."""
    words = dict(params)
    if "what" in words:
        words["what"] = env._(KINDS.get(words["what"], KINDS["unknown"]))
    sentence = env._(FILE_MESSAGES[code])
    return sentence % words


def problem_message(env, code: str, value: str) -> str:
    """Say what is wrong with a value and what to write instead."""
    if code in PROBLEMS:
        sentence = env._(PROBLEMS[code])
        return sentence % {"value": value}
    return env["res.partner"]._customer_problem_message(code, value)


def reason_message(env, code: str, row: int) -> str:
    """Say why a row is decided as it is."""
    sentence = env._(REASONS[code]) if code in REASONS else ""
    return sentence % {"row": row}
