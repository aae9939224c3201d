from datetime import date

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.checks import (
    EMPTY,
    PROBLEMS,
    Checked,
    check_credit_code,
    check_email,
    check_id_number,
    check_phone,
    credit_code_check,
    id_number_check,
    split_phones,
)

CHECKS = (check_phone, check_email, check_credit_code, check_id_number)
CODE_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
mobiles = st.builds(
    "{}{:08d}".format,
    st.sampled_from([133, 138, 150, 159, 166, 177, 188, 191, 199]),
    st.integers(0, 99_999_999),
)
bodies = st.builds(
    "91{}{}".format,
    st.integers(110000, 659999),
    st.text(st.sampled_from(CODE_CHARS), min_size=9, max_size=9),
)


class CheckCase(BaseCase):
    def assert_values(self, check, expected):
        for raw, value in expected.items():
            with self.subTest(raw=raw):
                self.assertEqual(check(raw), Checked(value, ""))

    def assert_problems(self, check, expected):
        for raw, problem in expected.items():
            with self.subTest(raw=raw):
                self.assertEqual(check(raw), Checked("", problem))
                self.assertIn(raw, PROBLEMS[problem].format(value=raw))


class TestPhoneLogic(CheckCase):
    def test_numbers_of_the_mainland(self):
        """# C3: mobile, landline with area code, service numbers, extensions."""
        mobile, landline = "+86 138 0013 8000", "+86 10 6552 9988"
        self.assert_values(
            check_phone,
            {
                "13800138000": mobile,
                "138 0013 8000": mobile,
                "138-0013-8000": mobile,
                "１３８００１３８０００": mobile,
                "86 13800138000": mobile,
                "8613800138000": mobile,
                "0086-13800138000": mobile,
                "+86-13800138000": mobile,
                "(+86)13800138000": mobile,
                "013800138000": mobile,
                "'13800138000": mobile,
                "手机：13800138000": mobile,
                "13800138000（微信同号）": mobile,
                "010-65529988": landline,
                "010—65529988": landline,
                "（010）65529988": landline,
                "010 6552 9988": landline,
                "1065529988": landline,
                "+86 010 65529988": landline,
                "86-10-65529988": landline,
                "+86(0)10 65529988": landline,
                "0755-12345678": "+86 755 1234 5678",
                "400-800-1234": "+86 400 800 1234",
                "8008201234": "+86 800 820 1234",
                "95588": "+86 95588",
                "95105105": "+86 95105105",
                "10086": "+86 10086",
                "96300": "+86 96300",
            },
        )

    def test_extensions(self):
        expected = "+86 10 6552 9988 ext. 801"
        self.assert_values(
            check_phone,
            dict.fromkeys(
                (
                    "010-65529988转801",
                    "（010）65529988 转 801",
                    "010-65529988-801",
                    "010 6552 9988 - 801",
                    "010-65529988 ext 801",
                    "010-65529988 Ext.801",
                    "010-65529988x801",
                    "010-65529988#801",
                    "010-65529988,801",
                    "010-65529988 分机：801",
                    "010-65529988（分机801）",
                ),
                expected,
            ),
        )

    def test_numbers_of_the_world(self):
        self.assert_values(
            check_phone,
            {
                "+852 21234567": "+852 2123 4567",
                "00852-21234567": "+852 2123 4567",
                "+853 2838 2828": "+853 2838 2828",
                "+886 2 2345 6789": "+886 2 2345 6789",
                "+1 (650) 253-0000": "+1 650-253-0000",
                "00 49 30 901820": "+49 30 901820",
            },
        )
        self.assertEqual(check_phone("2123 4567", "HK").value, "+852 2123 4567")
        self.assertTrue(check_phone("13800138000", "HK").problem)
        self.assertEqual(check_phone("1", "XX").problem, "phone_unknown_country")

    def test_what_spreadsheets_do_to_numbers(self):
        """# C8: phones as floats; digits that are lost are not made up."""
        self.assert_values(
            check_phone,
            dict.fromkeys(
                ("13800138000.0", "1.3800138E10", "1.3800138000E+10", "1.3800138e10"),
                "+86 138 0013 8000",
            ),
        )
        # without the sign it was typed so, not shortened
        self.assert_values(check_phone, {"1.39E10": "+86 139 0000 0000"})
        self.assert_problems(
            check_phone,
            {
                "1.38001E+10": "phone_digits_lost",
                "1.38E+10": "phone_digits_lost",
                "1.38001380001E5": "phone_not_a_number",
            },
        )

    def test_what_is_wrong_is_said(self):
        self.assert_problems(
            check_phone,
            {
                "abc": "phone_not_a_number",
                "无": "phone_not_a_number",
                "-": "phone_not_a_number",
                "+86": "phone_not_a_number",
                "13800138000 张三": "phone_not_a_number",
                "1-800-FLOWERS": "phone_not_a_number",
                "1380013800": "phone_too_short",
                "138001380001": "phone_too_long",
                "15412345678": "phone_no_such_prefix",
                "12012345678": "phone_no_such_prefix",
                "11111111111": "phone_no_such_prefix",
                "65529988": "phone_needs_area_code",
                "8765432": "phone_needs_area_code",
                "0571-8765432": "phone_too_short",
                "0571-876543211": "phone_too_long",
                "110": "phone_too_short",
                "+999 123456": "phone_unknown_country",
                "13800138000/010-65529988": "phone_several",
            },
        )
        self.assertEqual(check_phone("  "), EMPTY)

    def test_cells_with_several_numbers_are_split(self):
        for raw, pieces in {
            "": [],
            "无": ["无"],
            "13800138000": ["13800138000"],
            "138 0013 8000": ["138 0013 8000"],
            "+86 138 0013 8000": ["+86 138 0013 8000"],
            "13800138000/010-65529988": ["13800138000", "010-65529988"],
            "13800138000、13900139000": ["13800138000", "13900139000"],
            "13800138000 13900139000": ["13800138000", "13900139000"],
            "13800138000\n13900139000": ["13800138000", "13900139000"],
            "13800138000或13900139000": ["13800138000", "13900139000"],
            "010-65529988/65529977": ["010-65529988", "010-65529977"],
            "010-65529988,801": ["010-65529988,801"],
            "010-65529988,8010": ["010-65529988,8010"],
            "13800138000/95588": ["13800138000", "95588"],
            "13800138000/无": ["13800138000,无"],
            "0571-87654321 8765432": ["0571-87654321", "0571-8765432"],
            "0571-87654321 876543": ["0571-87654321 876543"],
            "电话：010-65529988；手机：13800138000": [
                "电话:010-65529988",
                "手机:13800138000",
            ],
        }.items():
            with self.subTest(raw=raw):
                self.assertEqual(split_phones(raw), pieces)

    @settings(deadline=None)
    @given(mobiles)
    def test_a_mobile_is_the_same_however_it_is_written(self, number):
        expected = check_phone(number)
        if not phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")):
            self.assertEqual(expected.problem, "phone_no_such_prefix")
            return
        for raw in (
            f"+86{number}",
            f"0086 {number}",
            f"{number[:3]}-{number[3:7]}-{number[7:]}",
            f" {float(number)} ",
            number.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        ):
            self.assertEqual(check_phone(raw), expected)

    @settings(deadline=None)
    @given(st.lists(mobiles, min_size=1, max_size=4), st.sampled_from("/;,、；，"))
    def test_splitting_loses_no_number(self, numbers, mark):
        self.assertEqual(split_phones(mark.join(numbers)), numbers)


class TestEmailLogic(CheckCase):
    def test_addresses(self):
        """# C3"""
        self.assert_values(
            check_email,
            {
                "a@b.cn": "a@b.cn",
                "Zhang.San@QQ.Com": "Zhang.San@qq.com",
                " ａ＠ｂ．ｃｎ ": "a@b.cn",
                "a@b。cn": "a@b.cn",
                "张三 <a@b.cn>": "a@b.cn",
                "mailto:a@b.cn": "a@b.cn",
                "a@b.cn;": "a@b.cn",
                "a+b_c-d@mail.b-c.com.cn": "a+b_c-d@mail.b-c.com.cn",
                "info@公司.中国": "info@公司.中国",
                "zhang@163.com": "zhang@163.com",
            },
        )
        self.assertEqual(check_email(" "), EMPTY)

    def test_the_longest_addresses(self):
        """64 characters before the @, 253 behind it, 63 a label."""
        label = "b" * 63
        domain = ".".join([label] * 3 + ["b" * 58, "cn"])
        self.assertEqual(len(domain), 253)
        for local, where, problem in (
            ("a" * 64, "b.cn", ""),
            ("a" * 65, "b.cn", "email_bad_chars"),
            ("a", domain, ""),
            ("a", f"b{domain}", "email_bad_domain"),
            ("a", domain.replace(".cn", "b.cn"), "email_bad_domain"),
        ):
            with self.subTest(local=local, where=where):
                self.assertEqual(check_email(f"{local}@{where}").problem, problem)

    def test_wrong_addresses(self):
        self.assert_problems(
            check_email,
            {
                "abc": "email_no_at",
                "@b.cn": "email_no_at",
                "a@@b.cn": "email_no_at",
                "、": "email_no_at",
                "a@b": "email_bad_domain",
                "a@localhost": "email_bad_domain",
                "a@mail.1234": "email_bad_domain",
                "a@": "email_bad_domain",
                "a@b..cn": "email_bad_domain",
                "a@-b.cn": "email_bad_domain",
                "a@b_c.cn": "email_bad_domain",
                "a@1.2.3.4": "email_bad_domain",
                "a@b.c": "email_bad_domain",
                "a b@c.cn": "email_bad_chars",
                "张@qq.com": "email_bad_chars",
                ".a@b.cn": "email_bad_chars",
                "a..b@b.cn": "email_bad_chars",
                "a" * 65 + "@b.cn": "email_bad_chars",
                "a@b.cn;c@d.cn": "email_several",
                "a@b.cn c@d.cn": "email_several",
                "a@b.cn、c@d.cn": "email_several",
            },
        )


class TestCreditCodeLogic(CheckCase):
    def test_published_codes(self):
        """# C3: codes as registers and companies' reports print them."""
        published = (
            "91110000600037341L",  # python-stdnum's
            "91350100M000100Y43",  # GB 32100-2015, appendix
            "914403001922038216",  # Huawei Technologies
            "91440300708461136T",  # Tencent
            "91330100799655058B",  # Alibaba (China)
            "91110000802100433B",  # Baidu Online
        )
        self.assert_values(check_credit_code, {code: code for code in published})
        self.assert_values(
            check_credit_code,
            dict.fromkeys(
                ("9111 0000-6000 3734 1l", "９１１１００００６０００３７３４１Ｌ"),
                published[0],
            ),
        )

    def test_every_registering_authority_is_known(self):
        """stdnum 2.2 refuses letters there: village cooperatives (N), others (Y)."""
        for authority in "159ANY":
            body = authority + "2330106MA2AX0000"
            code = body + credit_code_check(body)
            self.assertEqual(check_credit_code(code), Checked(code, ""))

    def test_wrong_codes(self):
        self.assert_problems(
            check_credit_code,
            {
                "12345": "credit_code_length",
                "91110000600037341LL": "credit_code_length",
                "110000600037341": "credit_code_old",
                "9111OOOO600037341L": "credit_code_chars",
                "91110000600037341S": "credit_code_chars",
                "01110000600037341L": "credit_code_chars",
                "91110000600037341M": "credit_code_checksum",
                "91110000600073341L": "credit_code_checksum",
            },
        )

    @settings(deadline=None)
    @given(bodies, st.integers(2, 17), st.sampled_from(CODE_CHARS))
    def test_one_wrong_character_is_always_found(self, body, place, char):
        code = body + credit_code_check(body)
        self.assertEqual(check_credit_code(code.lower()), Checked(code, ""))
        wrong = code[:place] + char + code[place + 1 :]
        self.assertEqual(bool(check_credit_code(wrong).problem), wrong != code)


class TestIdNumberLogic(CheckCase):
    def test_published_numbers(self):
        """# C3: the two examples of GB 11643-1999 and python-stdnum's."""
        published = ("11010519491231002X", "440524188001010014", "360426199101010071")
        self.assert_values(check_id_number, {number: number for number in published})
        self.assert_values(
            check_id_number, {"110105 19491231 002x": "11010519491231002X"}
        )

    def test_residence_permits_and_births_before_the_county(self):
        for body in ("81000019900101001", "83000019900101001", "44030019500101001"):
            number = body + id_number_check(body)
            self.assertEqual(check_id_number(number), Checked(number, ""))

    def test_wrong_numbers(self):
        self.assert_problems(
            check_id_number,
            {
                "110105491231002": "id_number_length",
                "1101051949123100XX": "id_number_length",
                "990105194912310020": "id_number_region",
                "110105194913310020": "id_number_birth",
                "110105190002290020": "id_number_birth",
                "110105194912310021": "id_number_checksum",
            },
        )

    def test_births_of_two_centuries_and_a_half(self):
        for born, problem in (
            ("18491231", "id_number_birth"),
            ("18500101", ""),
            ("20991231", ""),
            ("21000101", "id_number_birth"),
        ):
            with self.subTest(born=born):
                body = f"110105{born}001"
                found = check_id_number(body + id_number_check(body))
                self.assertEqual(found.problem, problem)

    def test_nobody_is_born_tomorrow(self):
        body = "11010520300102001"
        number = body + id_number_check(body)
        self.assertEqual(check_id_number(number).problem, "")
        today = check_id_number(number, today=date(2030, 1, 1))
        self.assertEqual(today.problem, "id_number_birth")
        self.assertEqual(check_id_number(number, today=date(2030, 1, 2)).problem, "")

    @settings(deadline=None)
    @given(
        st.dates(date(1900, 1, 1), date(2024, 1, 1)),
        st.integers(0, 999),
        st.integers(0, 17),
        st.sampled_from("0123456789X"),
    )
    def test_one_wrong_digit_is_always_found(self, born, order, place, char):
        body = f"110105{born:%Y%m%d}{order:03d}"
        number = body + id_number_check(body)
        self.assertEqual(check_id_number(number), Checked(number, ""))
        wrong = number[:place] + char + number[place + 1 :]
        self.assertEqual(bool(check_id_number(wrong).problem), wrong != number)


class TestEveryCheck(BaseCase):
    def test_nothing_is_right_and_marks_alone_are_wrong(self):
        """# C3: what was not typed is not missed here."""
        for check in CHECKS:
            for raw in ("", "  ", "\u3000"):
                with self.subTest(check=check.__name__, raw=raw):
                    self.assertEqual(check(raw), EMPTY)
            with self.subTest(check=check.__name__):
                self.assertIn(check("-").problem, PROBLEMS)

    @settings(deadline=None)
    @given(
        st.one_of(st.text(max_size=30), st.text("0123456789+-() xX@.E", max_size=20))
    )
    def test_any_text_gives_a_value_or_a_known_problem(self, raw):
        for check in CHECKS:
            value, problem = check(raw)
            self.assertFalse(value and problem)
            self.assertTrue(not problem or problem in PROBLEMS)
            visible = any(char.isalnum() for char in raw)
            self.assertTrue(value or problem or not visible)

    @settings(deadline=None)
    @given(st.text("0123456789+-() 转xX@.ab", max_size=22))
    def test_a_right_value_stays_as_it_is(self, raw):
        for check in CHECKS:
            value = check(raw).value
            if value:
                self.assertEqual(check(value), Checked(value, ""))

    def test_every_message_names_the_value(self):
        for code, message in PROBLEMS.items():
            with self.subTest(code=code):
                self.assertIn("{value}", message)
