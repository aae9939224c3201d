"""Clean the cells of one row into values, problems and warnings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .addresses import place_of, province_key, split_address
from .area_codes import area_code
from .digits import plain_digits
from .fields import (
    FIELDS,
    PROPERTY_PREFIX,
    ImportField,
    field_of,
    label_of,
)
from .names import looks_like_company, looks_like_person, people
from .property_values import property_value
from .remarks import is_date, is_remark
from .table import Row
from .words import LONGEST_WORD, Value, Word, word_key, word_of

Check = Callable[[str], tuple[str, str]]


class Cleaners(NamedTuple):
    """The hub's functions, handed in because this package may not import it.

    A Check takes the raw text and returns (normalised value, problem code or '').
    """

    text: Callable[[str], str]
    phone: Check
    email: Check
    credit_code: Check
    id_number: Check
    split_phones: Callable[[str], list[str]]


class Lookups(NamedTuple):
    """Choices by field name, each built by choice_lookup() or province_lookup().

    choices: field -> {folded label: value to store (a selection key or an id)}
    properties: label -> definition of the custom fields
    lang: of the labels written into the comment
    """

    choices: Mapping[str, Mapping[str, str]] = {}
    properties: Mapping[str, Mapping[str, object]] = {}
    lang: str = "en"


class Problem(NamedTuple):
    """field: technical name ('' for the row), code: stable, value: as it stands."""

    field: str
    code: str
    value: str


class CleanRow(NamedTuple):
    """values: by field name, no empty ones; tags are a list, all else text.

    problems refuse the row; warnings are shown and the row goes on; words are labels
    that none of the choices has, see words.settle().
    """

    values: dict[str, Value]
    problems: list[Problem]
    warnings: list[Problem]
    words: list[Word] = []  # noqa: RUF012 clean_row gives each row its own


class Parts(NamedTuple):
    """The records a row stands for, keyed by field of res.partner.

    Keys are ImportField.target, and ``property:<label>`` for custom fields.
    customer: ``is_company`` is '1' or '' among them
    contact: values of the contact below it; {} when there is none
    """

    customer: dict[str, Value]
    contact: dict[str, Value]


# code -> English sentence template with {value}, for codes made here, in
# workbook and in header; the checkers' own codes are the hub's.
PROBLEMS: dict[str, str] = {
    "no_name": "The row names neither a customer nor a contact. Write one.",
    "too_long": (
        "“{value}…” is longer than this field holds. Shorten it or move it to the "
        "notes."
    ),
    "choice_to_comment": (
        "“{value}” is not one of the choices and was put into the notes."
    ),
    "not_a_name": (
        "“{value}” is a date or a number, not a name. Write the name of the customer."
    ),
    "several_people": (
        "“{value}” names several people. The first one is the contact, all of them "
        "are in the notes."
    ),
    "area_code": "“{value}” has no area code; that of the city was put before it.",
    "old_tax_number": (
        "“{value}” is a tax number of before 2015 and was put into the notes. Enter "
        "the unified social credit code of 18 characters."
    ),
    "moved_to_notes": "“{value}” does not fit here and was put into the notes.",
    "property_unknown": (
        "This custom field no longer exists; “{value}” is in the notes."
    ),
    "property_type": (
        "This custom field cannot be filled from a list; “{value}” is in the notes."
    ),
    "property_number": "“{value}” is not a number and was put into the notes.",
    "property_date": (
        "“{value}” is not a date and was put into the notes. Write it like 2026-12-31."
    ),
    "property_boolean": "“{value}” is neither yes nor no and was put into the notes.",
    "error_cell": "The cell holds the error {value} and was taken as empty.",
    "formula_without_value": (
        "The formula {value} has no result stored. Open the workbook in Excel, save "
        "it and import again, or paste values."
    ),
    "digits_lost": (
        "The spreadsheet keeps 15 digits only, so the end of {value} is lost. Format "
        "the column as text and enter the full number."
    ),
    "exponent": (
        "“{value}” is a number that a spreadsheet shortened, so its last digits are "
        "lost. Format the column as text and enter the full number."
    ),
    "extra_cell": (
        "The row has more cells than there are titles: “{value}”. Perhaps a comma "
        "within a value splits it; correct the row, or write a title above the column."
    ),
    "other_table": (
        "“{value}” stands in another table of the page, with other columns. Save that "
        "table as a list of its own."
    ),
    "bad_encoding": (
        "The row has characters that cannot be read: “{value}”. Correct them in the "
        "list."
    ),
    "other_encoding": (
        "The row was written in another character set than the rest of the file "
        "({value}). Check its text."
    ),
    "unclosed_quote": (
        "The row opens a quotation mark that is never closed. Remove it or close it."
    ),
    "hidden_row": "The row is hidden in the spreadsheet, by a filter or by hand.",
    "remark_row": (
        "A heading or remark within the list, not a customer. If it is one, fill in "
        "another cell of its row."
    ),
    "total_row": "A row of totals, not a customer.",
    "repeated_header": "The column titles once more, not a customer.",
}
# Of the file's own problems, those that do not refuse the row.
_HARMLESS = frozenset({"error_cell", "other_encoding", "hidden_row"})
_DIGIT_KINDS = frozenset({"phone", "id_number", "credit_code"})
_DIGIT_FIELDS = frozenset({"customer_code", "zip", "fax", "qq", "wechat"})
_ANY_FIELD = frozenset({"formula_without_value", "error_cell"})
# What people write into a cell that has nothing to say.
_NOTHING = frozenset(
    ("-", "--", "---", "—", "——", "/", "\\", ".", "?", "？", "无", "無", "暂无", "没有",
     "不详", "未知", "空", "待补充", "n/a", "na", "null", "none", "nil", "#n/a")
)  # fmt: skip
_TYPES = {
    **dict.fromkeys(
        ("company", "企业", "公司", "单位", "企业客户", "公司客户", "法人", "企業", "b",
         "business", "organization", "机构", "个体户", "个体工商户"), "company"),
    **dict.fromkeys(
        ("person", "个人", "个人客户", "自然人", "個人", "c", "individual", "private"),
        "person"),
}  # fmt: skip
_CHOICE_ENDINGS = ("客户", "级", "类", "型", "企业")
# a number among words, with its extension
_NUMBERS = re.compile(
    r"\+?\(?\d[\d\s().–—-]{5,}\d(?:\s*(?:转|分机号?|ext\.?)\s*\d{1,6})?", re.IGNORECASE
)
# a number of another kind in a column of phones
_MESSENGER = re.compile(r"(?:qq|q号|微信|wechat|wx|vx|传真|fax)\D{0,3}", re.IGNORECASE)
# without one of these a cell is a remark (同上, 待补), no attempt at a checked value
_CHECKABLE = re.compile(r"[0-9A-Za-z@]")
_FEWEST_COLUMNS = 3
_WORDS = re.compile(r"[^\W\d_]")
_EXPONENT = re.compile(r"\de[+-]?\d", re.IGNORECASE)
# a checked value with words of another script around it
_EMBEDDED = {
    "email": re.compile(r"(?<![\w.@+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[A-Za-z](?!@)"),
    "credit_code": re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])"),
}
_ADDRESS_MARKS = re.compile(r"[\s;；,，、/|]+")
_TAG_MARKS = str.maketrans(dict.fromkeys("；;，,、|\n", "|"))


def clean_row(
    row: Row, mapping: Mapping[int, str], cleaners: Cleaners, lookups: Lookups
) -> CleanRow:
    """Clean one row.

    :param mapping: column index -> field name; several columns may share one
    """
    cleaner = _RowCleaner(cleaners, lookups)
    cleaner.file_problems(row, mapping)
    if cleaner.is_skipped():
        return cleaner.result
    if is_remark(row.cells, len(mapping) >= _FEWEST_COLUMNS, cleaners.text):
        text = next(filter(str.strip, row.cells))
        return CleanRow({}, [Problem("", "remark_row", text[:60])], [], [])
    phones: list[tuple[ImportField, str]] = []
    for index, name in mapping.items():
        field = FIELDS.get(name) or field_of(name)
        raw = row.cells[index] if index < len(row.cells) else ""
        if not field or not raw or _says_nothing(cleaners.text(raw)):
            continue
        if field.kind == "phone":  # the place tells the area code
            phones.append((field, raw))
        else:
            cleaner.clean(field, raw)
    cleaner.place()
    for field, raw in phones:
        cleaner.clean(field, raw)
    cleaner.finish()
    return cleaner.result


class _RowCleaner:
    """Collects the result of one row; one method per kind of field."""

    def __init__(self, cleaners: Cleaners, lookups: Lookups) -> None:
        self._cleaners = cleaners
        self._lookups = lookups
        self.result = CleanRow({}, [], [], [])
        self._area = ""
        self._beside_name: list[str] = []

    def file_problems(self, row: Row, mapping: Mapping[int, str]) -> None:
        """Take over what the reader found wrong in mapped columns or the row."""
        for column, code, value in row.problems:
            name = mapping.get(column, "")
            field = field_of(name)
            if column < 0 or (field and _matters(field, code)):
                harmless = code in _HARMLESS
                problems = self.result.warnings if harmless else self.result.problems
                problems.append(Problem(name, code, value[:60]))

    def clean(self, field: ImportField, raw: str) -> None:
        """Clean one filled cell."""
        kind = field.kind
        if _holds_digits(field) and not raw.isdecimal():
            raw = self._digits(field, raw)
        if kind == "phone":
            self._phones(field, raw)
        elif kind in ("email", "credit_code", "id_number"):
            self._checked(field, raw, getattr(self._cleaners, kind))
        elif kind == "choice":
            self._choice(field, self._cleaners.text(raw))
        elif kind == "tags":
            self._tags(field, raw)
        elif kind == "property":
            self._property(field, raw)
        elif field.target == "name":
            self._name(field, self._cleaners.text(raw))
        elif kind != "ignore":
            self._text(field, raw)

    def _problem(self, field: ImportField, code: str, value: str) -> None:
        self.result.problems.append(Problem(field.name, code, _visible(value[:60])))

    def _digits(self, field: ImportField, raw: str) -> str:
        """Take digits out of a number; '' with a problem when some are lost."""
        text, problem = plain_digits(self._cleaners.text(raw))
        if problem:
            self._problem(field, problem, text)
            return ""
        return text if text.isdecimal() else raw

    def _text(self, field: ImportField, raw: str) -> None:
        lines = raw.splitlines() if field.name == "comment" else [raw]
        text = "\n".join(filter(None, map(self._cleaners.text, lines)))
        if not field.limit or len(text) <= field.limit:
            self._join(field.name, text, "\n" if field.name == "comment" else " ")
        elif field.target in ("name", "ref", "comment"):
            self._problem(field, "too_long", text)
        else:
            self._note(field, "moved_to_notes", text)

    def _name(self, field: ImportField, text: str) -> None:
        """A date or number is nobody's name; the first of several people is the
        contact, and numbers beside a name are phones."""
        numbers = self._numbers_in(text)
        found = people(_NUMBERS.sub(" ", text) if numbers else text)
        if _is_no_name(text):
            if field.part == "customer":
                self._problem(field, "not_a_name", text)
            else:
                self._note(field, "moved_to_notes", text)
        elif field.part == "customer" or not found:
            self._text(field, text)
        else:
            self._text(field, found[0])
            self._beside_name += numbers
            if len(found) > 1:
                self._note(field, "several_people", text)

    def _note(self, field: ImportField, code: str, text: str) -> None:
        """Keep as a labelled line of the comment what cannot be stored otherwise."""
        if self._cleaners.text(text):
            self.result.warnings.append(Problem(field.name, code, text[:60]))
            self._line(field, text)

    def _line(self, field: ImportField, text: str) -> None:
        label = label_of(field.name, self._lookups.lang)
        self._join("comment", f"{label}: {text}", "\n")

    def _join(self, name: str, text: str, mark: str) -> None:
        """Put text behind what the field has already, unless it is in it."""
        before = str(self.result.values.get(name, ""))
        if not before and text:
            self.result.values[name] = text
        elif text and text not in before.split(mark):
            self.result.values[name] = f"{before}{mark}{text}"

    def _phones(self, field: ImportField, raw: str) -> None:
        """The first right number is the field's, the others are second phones.

        A wrong number beside a right one is kept in the notes; a cell without a
        right one refuses the row. Words around a number are kept with it.
        """
        right, wrong, worded = [], [], []
        for piece in self._cleaners.split_phones(raw):
            if _says_nothing(piece) or self._is_other(field, piece):
                continue
            digits, problem = plain_digits(piece)
            value, problem = ("", problem) if problem else self._phone(field, digits)
            inside = self._numbers_in(piece) if problem else []
            if inside:
                worded.append(piece)
            right += inside or ([] if problem else [value])
            wrong += [(piece, problem)] if problem and not inside else []
        for value in right:
            self._one_phone(field, value)
        for piece in worded:
            self._line(field, piece)
        for piece, problem in wrong:
            if right:
                self._note(field, "moved_to_notes", piece)
            else:
                self._problem(field, problem, piece)

    def _phone(self, field: ImportField, digits: str) -> tuple[str, str]:
        """Check a number; one without area code gets that of the city."""
        value, problem = self._cleaners.phone(digits)
        if problem == "phone_needs_area_code" and self._area:
            value, problem = self._cleaners.phone(f"+86 {self._area[1:]}-{digits}")
            if not problem:
                self.result.warnings.append(Problem(field.name, "area_code", digits))
        return value, problem

    def _is_other(self, field: ImportField, piece: str) -> bool:
        """Keep what stands in a phone cell and is none: 微信 abc, QQ:12345, a@b.cn, a
        remark without any digit."""
        address = self._cleaners.email(piece) if "@" in piece else ("", "no")
        if not address[1]:
            self._join("email" if "email" not in self.result.values else "email2",
                       address[0], " / ")  # fmt: skip
        elif _MESSENGER.match(piece) and not self._numbers_in(piece):
            self._line(field, piece)
        elif not any(char.isdigit() for char in piece):
            self._note(field, "moved_to_notes", piece)
        else:
            return False
        return True

    def _numbers_in(self, piece: str) -> list[str]:
        """Return the right numbers among words: 王经理13800138000(晚上打)."""
        if not _WORDS.search(piece) or _EXPONENT.search(piece):
            return []
        checked = [self._cleaners.phone(text) for text in _NUMBERS.findall(piece)]
        values = [value for value, problem in checked if value and not problem]
        return values if len(values) == len(checked) else []

    def _one_phone(self, field: ImportField, value: str) -> None:
        if field.name == "phone2" or field.name in self.result.values:
            self._second_phone(value)
        else:
            self.result.values[field.name] = value

    def _second_phone(self, value: str) -> None:
        first = (self.result.values.get("phone"), self.result.values.get("mobile"))
        if value not in first:
            self._join("phone2", value, " / ")

    def _checked(self, field: ImportField, raw: str, check: Check) -> None:
        value, problem = check(raw)
        if problem and (found := self._inside(field, raw, check)):
            value, problem = found, ""
            self._line(field, self._cleaners.text(raw))
        if problem and field.kind == "email" and raw.count("@") > 1:
            self._emails(field, raw, problem)
        elif problem == "credit_code_old":
            self._note(field, "old_tax_number", self._cleaners.text(raw))
        elif problem and not _CHECKABLE.search(unicodedata.normalize("NFKC", raw)):
            self._note(field, "moved_to_notes", self._cleaners.text(raw))
        elif problem:
            self._problem(field, problem, raw)
        elif value:
            self._join(field.name, value, " / ")

    def _inside(self, field: ImportField, raw: str, check: Check) -> str:
        """Return the one right value among words: a@b.cn(私人), 税号：9133…"""
        form = _EMBEDDED.get(field.kind)
        found = form.findall(unicodedata.normalize("NFKC", raw)) if form else []
        single = len(found) == 1 and raw.count("@") < 2
        value, problem = check(found[0]) if single else ("", "no")
        return "" if problem else value

    def _emails(self, field: ImportField, raw: str, problem: str) -> None:
        """The first right address is the field's, the others are second ones."""
        pieces = list(filter(None, _ADDRESS_MARKS.split(raw)))
        checked = [(piece, self._cleaners.email(piece)) for piece in pieces]
        right = [value for _piece, (value, wrong) in checked if not wrong]
        if not right:
            self._problem(field, problem, raw)
            return
        for value in right:
            first = self.result.values.setdefault(field.name, value)
            if value not in str(first).split(" / "):
                self._join("email2", value, " / ")
        for piece, (_value, wrong) in checked:
            if wrong:
                self._note(field, "moved_to_notes", piece)

    def _tags(self, field: ImportField, raw: str) -> None:
        pieces = map(self._cleaners.text, raw.translate(_TAG_MARKS).split("|"))
        tags = self.result.values.setdefault(field.name, [])
        for piece in dict.fromkeys(filter(None, pieces)):
            value = self._looked_up(field, piece)
            if not value:
                self._unknown(field, piece)
            elif isinstance(tags, list) and value not in tags:
                tags.append(value)
        if not tags:
            del self.result.values[field.name]

    def _choice(self, field: ImportField, text: str) -> None:
        if field.name == "state":
            self._area = area_code(text)  # of a municipality
        value = self._looked_up(field, text)
        if value:
            self.result.values[field.name] = value
        elif not (
            field.name == "state" and (self._address(text, "city") or self._place(text))
        ):
            self._unknown(field, text)

    def _property(self, field: ImportField, raw: str) -> None:
        """A custom field is checked as its own kind; its choices may be words."""
        label = field.name.removeprefix(PROPERTY_PREFIX)
        definition = self._lookups.properties.get(label, {})
        text = self._cleaners.text(raw)
        if definition.get("type") == "tags":
            self._tags(field, raw)
        elif definition.get("type") == "selection":
            self._choice(field, text)
        elif problem := property_value(definition, text).problem:
            keep = self._problem if problem == "exponent" else self._note
            keep(field, problem, text)
        else:
            self._text(field, raw)

    def _looked_up(self, field: ImportField, text: str) -> str:
        """Return the stored value of a label, '' when unknown."""
        choices = self._lookups.choices.get(field.name, {})
        if field.name == "customer_type":
            choices = {**_TYPES, **choices}
        if field.name == "state":
            return choices.get(province_key(text), "")
        keys = (word_key(text.removesuffix(end)) for end in ("", *_CHOICE_ENDINGS))
        return next((choices[key] for key in keys if key in choices), "")

    def _unknown(self, field: ImportField, text: str) -> None:
        """Keep a label that is none of the choices, to be decided on."""
        word = word_of(field.name, text)
        if len(text) > LONGEST_WORD:
            self._note(field, "choice_to_comment", text)
        elif text and word not in self.result.words:
            self.result.words.append(word)

    def _place(self, text: str) -> bool:
        """Take 苏州, 江苏苏州 or 江苏-苏州 for province and city."""
        place = place_of(text)
        choices = self._lookups.choices.get("state", {})
        state = choices.get(province_key(place.province)) if place.city else None
        if state:
            self.result.values["state"] = state
            self.result.values.setdefault("city", place.city)
        return bool(state)

    def _address(self, text: str, rest_field: str) -> bool:
        """Take province and city out of an address; tell whether it had any."""
        address = split_address(text)
        state = self._lookups.choices.get("state", {}).get(
            province_key(address.province)
        )
        if not (address.province and state):
            return False
        self.result.values["state"] = state
        if address.city:
            self.result.values.setdefault("city", address.city)
        if address.rest:
            self.result.values[rest_field] = address.rest
        elif rest_field == "street":
            del self.result.values["street"]
        return True

    def place(self) -> None:
        """Take the place out of the address, and the area code of the place."""
        values = self.result.values
        street = values.get("street")
        if street and "state" not in values:
            self._address(str(street), "street")
        self._area = area_code(str(values.get("city", ""))) or self._area

    def finish(self) -> None:
        """Do what needs the whole row: second numbers, the name."""
        values = self.result.values
        for value in self._beside_name:
            self._one_phone(FIELDS["mobile"], value)
        if not (values.get("company_name") or values.get("contact_name")):
            self.result.problems.append(Problem("company_name", "no_name", ""))

    def is_skipped(self) -> bool:
        """Tell a row of totals or of the titles once more."""
        codes = {problem.code for problem in self.result.problems}
        return bool(codes & {"total_row", "repeated_header"})


def _says_nothing(text: str) -> bool:
    """Tell ``-`` or 无, what people write where they have nothing to say."""
    return text.casefold() in _NOTHING


def _is_no_name(text: str) -> bool:
    """Tell a date or a long number; 1688 and 7-11 are names."""
    digits = sum(char.isdigit() for char in text)
    return is_date(text) or (digits > 4 and not _WORDS.search(text))


def _matters(field: ImportField, code: str) -> bool:
    """A number without its last digits matters where it identifies somebody."""
    if field.kind == "ignore":
        return False
    return code in _ANY_FIELD or _holds_digits(field) or field.kind == "property"


def _holds_digits(field: ImportField) -> bool:
    """Tell whether a field's values are digits and no amounts."""
    return field.kind in _DIGIT_KINDS or field.name in _DIGIT_FIELDS


def _visible(text: str) -> str:
    """Write what cannot be seen as its number: U+202D."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c.isspace() else f"[U+{ord(c):04X}]"
                   for c in text)  # fmt: skip


def choice_lookup(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Build a lookup from (label, value) pairs; several labels may share a value."""
    return {word_key(label): value for label, value in reversed(list(pairs))}


def province_lookup(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Build a lookup of provinces from (name or code in any language, value)."""
    return {province_key(label): value for label, value in reversed(list(pairs))}


# --- parts ------------------------------------------------------------------------

_NOTES = ("phone2", "email2", "fax", "wechat", "qq")


def split_parts(values: Mapping[str, Value], lang: str = "en") -> Parts:
    """Decide between company, company with contact and person.

    What has no field of its own (fax, second phone, the contact's phone where
    there is no contact …) becomes a labelled line of the comment in ``lang``.
    """
    customer = _of_part(values, "customer")
    contact = _of_part(values, "contact")
    notes = [(label_of(name, lang), values[name]) for name in _NOTES if name in values]
    person = _is_person(values)
    if person or not contact.get("name"):
        contact = _merge(customer, contact, person, notes, lang)
    customer["is_company"] = "" if person else "1"
    _join_street(customer, str(values.get("district", "")))
    lines = [
        str(customer.get("comment", "")),
        *(f"{label}: {text}" for label, text in notes),
    ]
    if any(lines):
        customer["comment"] = "\n".join(filter(None, lines))
    return Parts(customer, contact)


def _of_part(values: Mapping[str, Value], part: str) -> dict[str, Value]:
    """Return the values of one record by field of res.partner."""
    found: dict[str, Value] = {}
    for name, value in values.items():
        field = FIELDS.get(name) or field_of(name)
        target = (
            field.target or (name if field.kind == "property" else "") if field else ""
        )
        if field and field.part == part and target:
            found[target] = value
    return found


def _is_person(values: Mapping[str, Value]) -> bool:
    company = str(values.get("company_name", ""))
    contact = values.get("contact_name", "")
    kind = values.get("customer_type")
    if kind or not company:
        return kind == "person" or not company
    if contact and contact != company:
        return False
    return not looks_like_company(company) and (
        "id_number" in values or looks_like_person(company)
    )


def _merge(
    customer: dict[str, Value],
    contact: dict[str, Value],
    person: bool,
    notes: list[tuple[str, Value]],
    lang: str,
) -> dict[str, Value]:
    """Put the contact's values on the customer; what does not fit is noted."""
    for target, value in contact.items():
        fits = person or target in ("phone", "email")
        if fits and target not in customer:
            customer[target] = value
        elif value != customer.get(target):
            notes.append((_contact_label(target, lang), value))
    return {}


def _contact_label(target: str, lang: str) -> str:
    names = (
        f.name for f in FIELDS.values() if (f.part, f.target) == ("contact", target)
    )
    return label_of(next(names), lang)


def _join_street(customer: dict[str, Value], district: str) -> None:
    street = str(customer.get("street", ""))
    if district and district not in street:
        customer["street"] = district + street
