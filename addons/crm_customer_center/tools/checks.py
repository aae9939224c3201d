"""Check what identifies or reaches a customer, and say what is wrong.

Every check takes the text as typed and returns ``Checked(value, problem)``: the
normalised value and '' when it is right, '' and a key of ``PROBLEMS`` when not.
An empty text gives ``Checked('', '')``. A value once accepted is accepted
unchanged ever after.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from .text import fold_marks


class Checked(NamedTuple):
    """The normalised value ('' when bad) and the problem code ('' when right)."""

    value: str
    problem: str


def _lt(sentence: str) -> str:
    """Mark a sentence for the translators; the model translates it by its code."""
    return sentence


# code -> English sentence; {value} is what was typed.
PROBLEMS: dict[str, str] = {
    "phone_not_a_number": _lt(
        "“{value}” is not a phone number. Write digits only, for example "
        "138 0013 8000 or 010-65529988."
    ),
    "phone_several": _lt(
        "“{value}” holds more than one phone number. Write one number here and the "
        "other on a contact."
    ),
    "phone_digits_lost": _lt(
        "“{value}” was shortened by the spreadsheet and its last digits are lost. "
        "Format the column as text and enter the full number."
    ),
    "phone_too_short": _lt(
        "“{value}” has too few digits for a phone number. A mainland mobile has 11 "
        "digits, a landline its area code and 7 or 8 digits."
    ),
    "phone_too_long": _lt(
        "“{value}” has too many digits for a phone number. Write an extension after "
        "a blank and “ext”, for example 010-65529988 ext 801."
    ),
    "phone_no_such_prefix": _lt(
        "No phone number begins like “{value}”. Check the first digits; write a "
        "foreign number with + and its country code."
    ),
    "phone_needs_area_code": _lt(
        "“{value}” lacks the area code. Write it first, for example 010-65529988."
    ),
    "phone_unknown_country": _lt(
        "The country code of “{value}” does not exist. Write + and the country "
        "code first, for example +86 138 0013 8000."
    ),
    "email_no_at": _lt(
        "“{value}” is not an e-mail address: it needs exactly one @, for example "
        "name@company.com."
    ),
    "email_bad_domain": _lt(
        "The part after @ in “{value}” is not a domain. Write it like company.com."
    ),
    "email_bad_chars": _lt(
        "“{value}” has characters before the @ that no e-mail address has. Write "
        "letters, digits, dots and hyphens without blanks."
    ),
    "email_several": _lt(
        "“{value}” holds more than one e-mail address. Write one here and the "
        "others on contacts."
    ),
    "credit_code_length": _lt(
        "“{value}” is not a unified social credit code: it has 18 characters, for "
        "example 91110000600037341L."
    ),
    "credit_code_chars": _lt(
        "“{value}” has characters that no unified social credit code has. It never "
        "holds I, O, S, V or Z: write 1, 0, 5 or 2 where those digits are meant."
    ),
    "credit_code_checksum": _lt(
        "“{value}” fails the check of its last character: one character is wrong or "
        "two are exchanged. Copy it from the business licence."
    ),
    "credit_code_old": _lt(
        "“{value}” is an old 15-digit registration or tax number. Write the "
        "18-character unified social credit code of the present business licence."
    ),
    "id_number_length": _lt(
        "“{value}” is not an ID number: it has 17 digits and a last digit or X."
    ),
    "id_number_birth": _lt(
        "The birth date in “{value}” (digits 7 to 14) does not exist. Copy the "
        "number from the ID card."
    ),
    "id_number_region": _lt(
        "The region in “{value}” (its first digits) does not exist. Copy the number "
        "from the ID card."
    ),
    "id_number_checksum": _lt(
        "“{value}” fails the check of its last digit: one digit is wrong or two are "
        "exchanged. Copy the number from the ID card."
    ),
}

EMPTY = Checked("", "")

# --- phones ---------------------------------------------------------------------

_EXTENSION = re.compile(
    r"[\s,;(]*(?:转|分机号?|内线|ext(?:ension|n)?\.?|x|#|,|;)\s*[:.]?\s*(\d{1,6})\s*\)?$",
    re.IGNORECASE,
)
_DASH_EXTENSION = re.compile(r"^(.*\d)\s*-\s*(\d{1,6})$")
_LABEL = re.compile(
    r"^(?:联系电话|联系方式|电话|手机号码?|手机|固话|座机|移动电话|tel(?:ephone)?|phone"
    r"|mobile|cell|mob)\s*[:.]?\s*",
    re.IGNORECASE,
)
_SAME_WECHAT = re.compile(r"\s*\(?(?:微信同号|同微信|手机同微信|微信)\)?$")
_OPEN_PLUS = re.compile(r"^\(\s*\+\s*(\d{1,3})\s*\)")  # (+86)138…
_EXPONENT = re.compile(r"^(\d(?:\.\d+)?)e(\+?)0*(\d{1,2})$", re.IGNORECASE)
_NUMBER_CHARS = re.compile(r"^\+?[\d\s().\-–—‐‑−·/*]+$")
_SEPARATORS = re.compile(r"\s*[/;,、，；|或和\n\t]\s*")
_AREA_CODE = re.compile(r"^(\(?0\d{2,3}\)?)[\s-]*\d{7,8}$")
# Excel shows a long number in a narrow column with six digits: the rest is gone.
_EXCEL_DIGITS = 6


def check_phone(raw: str, country: str = "CN") -> Checked:
    """Check one phone number by the real rules of its country.

    :param country: ISO code that decides about numbers without + or 00
    :return: value like ``+86 138 0013 8000`` or ``+86 10 6552 9988 ext. 801``.
        China's service numbers (400…, 800…, 95588, 10086) are right as well.
    """
    return _check_phone(raw, country.upper() or "CN")


@lru_cache(maxsize=8192)
def _check_phone(raw: str, country: str) -> Checked:
    if country not in phonenumbers.SUPPORTED_REGIONS:
        return Checked("", "phone_unknown_country")
    text = fold_marks(raw)
    if not text:
        return EMPTY
    if country == "CN" and _is_mobile(text):
        return Checked(f"+86 {text[:3]} {text[3:7]} {text[7:]}", "")
    if len(split_phones(raw)) > 1:
        return Checked("", "phone_several")
    text, problem = _plain_digits(_unlabelled(text))
    return Checked("", problem) if problem else _check_number(text, country)


def _is_mobile(text: str) -> bool:
    """Tell a mainland mobile of plain digits; parsing one costs 100 times more."""
    plain = len(text) == 11 and text[0] == "1" and text.isascii() and text.isdigit()
    return plain and _is_mobile_prefix(text[:6])


@lru_cache(maxsize=8192)
def _is_mobile_prefix(digits: str) -> bool:
    """The first five digits decide; the sixth is beyond what the rules look at."""
    number = phonenumbers.parse(digits + "00000", "CN")
    kind = phonenumbers.number_type(number)
    return kind == phonenumbers.PhoneNumberType.MOBILE


def split_phones(raw: str) -> list[str]:
    """Split a cell that holds several numbers; each as typed, not checked.

    A landline without area code takes that of the number before it
    (``010-65529988/65529977``); a short piece stays with the number before it (it
    is an extension). Nothing is lost: a cell without numbers comes back whole.
    """
    if raw.isascii() and raw.isdigit():
        return [raw]
    pieces: list[str] = []
    for piece in _pieces(raw):
        if pieces and _digits(piece) < 5:
            pieces[-1] += "," + piece
        elif piece:
            pieces.append(_with_area_code(piece, pieces[-1] if pieces else ""))
    return pieces


def _pieces(raw: str) -> list[str]:
    """Split at separators, and at blanks between two complete numbers."""
    lines = re.sub(r"[\r\n\t]+", "/", raw)  # before folding makes blanks of them
    pieces: list[str] = []
    for piece in _SEPARATORS.split(fold_marks(lines)):
        words = piece.split()
        whole = len(words) > 1 and all(_digits(word) >= 7 for word in words)
        pieces += words if whole else [piece]
    return [piece for piece in pieces if piece]


def _with_area_code(piece: str, before: str) -> str:
    """Give a landline without area code that of the number before it."""
    area = _AREA_CODE.match(before)
    local = re.fullmatch(r"[2-8]\d{6,7}", piece)
    return f"{area[1]}-{piece}" if area and local else piece


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _unlabelled(text: str) -> str:
    """Drop «电话：» before and «(微信同号)» after a number."""
    return _SAME_WECHAT.sub("", _LABEL.sub("", text.lstrip("'`"))).strip()


def _plain_digits(text: str) -> tuple[str, str]:
    """Undo what spreadsheets do to long numbers: ``13800138000.0``, ``1.38E10``.

    :return: (digits, '') or ('', problem); other text is given back unchanged
    """
    match = _EXPONENT.match(text)
    if not match:
        return re.sub(r"^(\d{7,})\.0+$", r"\1", text), ""
    mantissa = match[1].replace(".", "")
    exponent = int(match[3])
    if len(mantissa) > exponent + 1:
        return "", "phone_not_a_number"
    if match[2] and len(mantissa) <= _EXCEL_DIGITS:
        return "", "phone_digits_lost"
    return mantissa.ljust(exponent + 1, "0"), ""


def _check_number(text: str, country: str) -> Checked:
    """Check a number without labels; its extension apart."""
    number, extension = _split_extension(_OPEN_PLUS.sub(r"+\1 ", text))
    if not _NUMBER_CHARS.match(number) or _digits(number) < 3:
        return Checked("", "phone_not_a_number")
    checked = _parsed(number, extension, country)
    dashed = _DASH_EXTENSION.match(number)
    if checked.problem and dashed and not extension:
        retried = _parsed(dashed[1], dashed[2], country)
        return checked if retried.problem else retried
    return checked


def _split_extension(text: str) -> tuple[str, str]:
    match = _EXTENSION.search(text)
    return (text[: match.start()], match[1]) if match else (text, "")


def _parsed(text: str, extension: str, country: str) -> Checked:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException as error:
        return Checked("", _PARSE_PROBLEMS[error.error_type])
    if not (phonenumbers.is_valid_number(number) or _is_service_number(number)):
        return Checked("", _number_problem(text, number))
    number.extension = extension or None
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return Checked(shown, "")


_PARSE_PROBLEMS = {
    NumberParseException.INVALID_COUNTRY_CODE: "phone_unknown_country",
    NumberParseException.NOT_A_NUMBER: "phone_not_a_number",
    NumberParseException.TOO_SHORT_AFTER_IDD: "phone_too_short",
    NumberParseException.TOO_SHORT_NSN: "phone_too_short",
    NumberParseException.TOO_LONG: "phone_too_long",
}


def _is_service_number(number: phonenumbers.PhoneNumber) -> bool:
    """Tell China's service numbers: 95588, 96300, 10086, 12306, 95105105."""
    if number.country_code != 86 or number.italian_leading_zero:
        return False
    digits = str(number.national_number)
    if re.fullmatch(r"9510\d{4}", digits):
        return True
    return len(digits) >= 5 and phonenumbers.is_valid_short_number(number)


def _number_problem(text: str, number: phonenumbers.PhoneNumber) -> str:
    """Say why a number that could be parsed is none."""
    digits = str(number.national_number)
    if number.country_code == 86 and re.fullmatch(r"1[3-9]\d*", digits):
        return _by_length(digits, 11)
    if number.country_code == 86 and re.fullmatch(r"[2-9]\d{6,7}", digits):
        dialled = re.sub(r"\D", "", text)
        return "phone_too_short" if dialled[0] == "0" else "phone_needs_area_code"
    reason = phonenumbers.is_possible_number_with_reason(number)
    return _REASONS.get(reason) or _by_neighbours(number)


_REASONS = {
    ValidationResult.INVALID_COUNTRY_CODE: "phone_unknown_country",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "phone_needs_area_code",
    ValidationResult.TOO_SHORT: "phone_too_short",
    ValidationResult.TOO_LONG: "phone_too_long",
}


def _by_length(digits: str, right: int) -> str:
    if len(digits) == right:
        return "phone_no_such_prefix"
    return "phone_too_short" if len(digits) < right else "phone_too_long"


def _by_neighbours(number: phonenumbers.PhoneNumber) -> str:
    """A number that one digit more (fewer) makes right is too short (long)."""
    longer = phonenumbers.PhoneNumber()
    longer.merge_from(number)
    longer.national_number = (number.national_number or 0) * 10 + 1
    if phonenumbers.is_valid_number(longer):
        return "phone_too_short"
    longer.national_number = (number.national_number or 0) // 10
    right = phonenumbers.is_valid_number(longer)
    return "phone_too_long" if right else "phone_no_such_prefix"


# --- e-mail ---------------------------------------------------------------------

_LOCAL = re.compile(
    r"^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$", re.ASCII
)
_LABEL_OF_DOMAIN = re.compile(r"^(?!-)[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?$")
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_NAMED = re.compile(r"^[^<>@]*<([^<>]+)>$")


@lru_cache(maxsize=8192)
def check_email(raw: str) -> Checked:
    """Check one e-mail address; value with the domain in lower case.

    ``张三 <a@b.cn>`` and ``mailto:a@b.cn`` give the address; ``＠`` and ``。`` of a
    Chinese keyboard are understood.
    """
    text = _MAILTO.sub("", fold_marks(raw).replace("。", "."))
    named = _NAMED.match(text)
    text = (named[1] if named else text).lstrip(" ,;、'\"").rstrip(" ,;.、'\"")
    if not text:
        return Checked("", "email_no_at") if raw.strip() else EMPTY
    if text.count("@") != 1:
        several = len(re.findall(r"[^\s,;/、]@\w", text)) > 1
        return Checked("", "email_several" if several else "email_no_at")
    local, domain = text.split("@")
    problem = _email_problem(local, domain)
    return Checked("" if problem else f"{local}@{domain.lower()}", problem)


def _email_problem(local: str, domain: str) -> str:
    if not local:
        return "email_no_at"
    if len(local) > 64 or not _LOCAL.match(local):
        return "email_bad_chars"
    labels = domain.lower().split(".")
    right = (
        len(labels) > 1
        and all(_LABEL_OF_DOMAIN.match(label) for label in labels)
        and len(labels[-1]) > 1
        and not labels[-1].isdigit()
        and len(domain) < 254
    )
    return "" if right else "email_bad_domain"


# --- credit code (GB 32100-2015) --------------------------------------------------

# Own, not stdnum.cn.uscc (2.2): that refuses the letter of the registering
# authority (N agriculture, Y others, A military), hence every village cooperative.
_CODE_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CODE_FORM = re.compile(rf"^[1-9ANY][{_CODE_CHARS}]\d{{6}}[{_CODE_CHARS}]{{10}}$")


def check_credit_code(raw: str) -> Checked:
    """Check a unified social credit code; value in upper case without blanks."""
    text = re.sub(r"[\s\-.]", "", fold_marks(raw)).upper()
    if not text:
        return Checked("", "credit_code_length") if raw.strip() else EMPTY
    problem = _credit_code_problem(text)
    return Checked("" if problem else text, problem)


def _credit_code_problem(text: str) -> str:
    if re.fullmatch(r"\d{15}", text):
        return "credit_code_old"
    if len(text) != 18:
        return "credit_code_length"
    if not _CODE_FORM.match(text):
        return "credit_code_chars"
    return "" if text[-1] == credit_code_check(text) else "credit_code_checksum"


def credit_code_check(text: str) -> str:
    """Return the check character for the first 17 characters of a credit code."""
    total = sum(
        _CODE_CHARS.index(char) * weight
        for char, weight in zip(text[:17], _CODE_WEIGHTS, strict=True)
    )
    return _CODE_CHARS[-total % 31]


# --- ID number (GB 11643-1999) ----------------------------------------------------

# Own, not stdnum.cn.ric (2.2): that looks the county up at the year of birth, but
# the number carries the county of its issue (from 1984 on), so most people born
# before are refused. Provinces, and 81 to 83 for residence permits of people from
# Hong Kong, Macau and Taiwan.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


def check_id_number(raw: str, today: date | None = None) -> Checked:
    """Check a resident ID number of 18 digits; value with a capital X.

    :param today: births after it are refused; None: not compared with a clock
    """
    text = re.sub(r"[\s\-]", "", fold_marks(raw)).upper()
    if not text:
        return Checked("", "id_number_length") if raw.strip() else EMPTY
    problem = _id_number_problem(text, today)
    return Checked("" if problem else text, problem)


def _id_number_problem(text: str, today: date | None) -> str:
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
        return "id_number_length"
    if not _PROVINCE.match(text):
        return "id_number_region"
    if not _is_birth(text[6:14], today):
        return "id_number_birth"
    return "" if text[-1] == id_number_check(text) else "id_number_checksum"


def _is_birth(digits: str, today: date | None) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2099 and (today is None or born <= today)


def id_number_check(text: str) -> str:
    """Return the check digit for the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(
        int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17])
    )
    return "0123456789X"[(1 - total) % 11]
