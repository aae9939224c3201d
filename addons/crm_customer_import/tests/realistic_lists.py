"""Twenty customer lists as companies keep them for ten years, with the truth beside.

``all_lists()`` gives the same lists every time: each is drawn from its own seed. A list
has habits (title rows, merged cells, totals, several phones in a cell …) and some rows
that are wrong; the truth says what each row of the file has to become.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import xlsxwriter
import xlwt

ROWS = 60
# titles by what the column holds, as different people write them
TITLES = {
    "name": ["客户名称", "单位名称", "公司全称", "企业名称", "客户", "Customer name"],
    "contact": ["联系人", "姓名", "对接人", "Contact"],
    "phone": ["联系电话", "电话", "固定电话", "办公电话", "Telephone"],
    "mobile": ["手机", "手机号码", "移动电话", "联系人手机", "Mobile"],
    "email": ["邮箱", "电子邮箱", "E-mail", "Email"],
    "industry": ["行业", "所属行业", "行业类别"],
    "level": ["客户等级", "级别", "客户级别"],
    "source": ["客户来源", "来源", "获客渠道"],
    "owner": ["业务员", "负责销售", "客户经理", "跟进人"],
    "state": ["省份", "地区", "区域"],
    "street": ["地址", "详细地址", "公司地址"],
    "vat": ["税号", "统一社会信用代码", "纳税人识别号"],
    "amount": ["年采购额"],
    "since": ["合作日期"],
    "note": ["备注", "说明", "情况说明"],
    "number": ["序号", "No"],
}
CITIES = [("杭州", "浙江省杭州市", "0571"), ("苏州", "江苏省苏州市", "0512"),
          ("深圳", "广东省深圳市", "0755"), ("成都", "四川省成都市", "028"),
          ("上海", "上海市", "021"), ("北京", "北京市", "010"),
          ("青岛", "山东省青岛市", "0532"),
          ("长沙", "湖南省长沙市", "0731")]  # fmt: skip
BRANDS = "恒信达荣昌盛元泰丰瑞宏利华安康诚远博创新联盈腾飞凯旋嘉禾金源百川"
TRADES = ["贸易", "软件", "机械制造", "电子科技", "食品", "建材", "物流", "服装",
          "化工", "餐饮管理", "广告", "教育咨询"]  # fmt: skip
SUFFIXES = ["有限公司", "有限责任公司", "股份有限公司"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚"
INDUSTRY_WORDS = ["软件", "贸易", "机械制造", "电子", "食品", "建筑", "物流", "餐饮",
                  "IT行业", "批发零售", "其他", "服装类"]  # fmt: skip
LEVEL_WORDS = ["A", "B类", "重点", "普通", "VIP客户", "★★★", "大客户"]
SOURCE_WORDS = ["展会", "老客户介绍", "百度", "广交会", "电话", "朋友介绍", "官网"]
REMARKS = [("phone", "停机"), ("phone", "同上"), ("phone", "打不通"), ("vat", "待补"),
           ("vat", "三证合一办理中")]  # fmt: skip
OWNER_WORDS = ["老王", "小李", "张经理(已离职)", "陈总", "赵工", ""]
TRADITIONAL = str.maketrans("贸软机电业务华东广设备发国", "貿軟機電業務華東廣設備發國")
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


class Truth(NamedTuple):
    """What one row of the file has to become.

    kind: good, wrong (a checked field holds something wrong: refused) or none (title,
        total: no customer)
    name, contact: as they are to be stored; numbers: digits of every phone; kept: texts
    that must be found somewhere on the customer; amount, since: of the custom fields
    """

    kind: str
    name: str = ""
    contact: str = ""
    numbers: tuple[str, ...] = ()
    email: str = ""
    kept: tuple[str, ...] = ()
    amount: float | None = None
    since: date | None = None


class MadeList(NamedTuple):
    """A file and the truth of its rows, by row number as in the spreadsheet."""

    name: str
    habits: frozenset[str]
    content: bytes
    truth: dict[int, Truth]


def all_lists() -> list[MadeList]:
    """Return the twenty lists."""
    return [_Maker(number, habits).make() for number, habits in enumerate(HABITS, 1)]


COLUMNS = ("name", "contact", "phone", "mobile", "email", "industry", "level",
           "source", "owner", "state", "street", "vat")  # fmt: skip
# columns that a habit brings with it
OWN_COLUMNS = [("units", "amount"), ("dates", "since"), ("notes", "note"),
               ("plain", "note")]  # fmt: skip
HABITS = [
    "xlsx plain",
    "xls title merged_title phones wide",
    "xlsx merged_company contacts title",
    "xlsx blanks totals phones sections",
    "csv_gbk phones extensions notes footer",
    "csv_utf8 dates units owners remarks two_rows",
    "xlsx branches traditional owners newlines",
    "xls extensions units sections footer",
    "xlsx notes two_notes phones named_phones messengers",
    "csv_gbk blanks totals traditional owners wide",
    "xlsx headers_again totals title footer",
    "xls dates units notes floats remarks",
    "xlsx cover title merged_title branches owners",
    "csv_semicolon owners traditional phones messengers remarks cities",
    "xlsx english floats extensions emails newlines",
    "xls merged_company contacts blanks totals",
    "xlsx units dates numbers_real notes two_rows cities",
    "csv_gbk title headers_again phones named_phones",
    "xlsx glued_address branches owners emails ditto",
    (
        "xlsx title merged_title blanks totals headers_again phones named_phones ditto "
        "extensions branches owners traditional notes units dates emails sections "
        "footer remarks messengers wide newlines"
    ),
]


def credit_code(rng: Random, number: int) -> str:
    """A unified social credit code with its right check character."""
    head = f"91{rng.choice(['330100', '320500', '440300'])}MA{number:07d}"
    total = sum(_CODE.index(c) * w for c, w in zip(head, _WEIGHTS, strict=True))
    return head + _CODE[-total % 31]


class _Maker:
    def __init__(self, number: int, habits: str) -> None:
        self.rng = Random(7000 + number)
        self.number = number
        self.habits = frozenset(habits.split())
        self.made = 0
        self.columns = list(COLUMNS)
        for habit, column in OWN_COLUMNS:
            if habit in self.habits and column not in self.columns:
                self.columns.append(column)
        if "two_notes" in self.habits:
            self.columns.append("note")
        if self.rng.random() < 0.5:
            self.columns.insert(0, "number")
        pick = -1 if "english" in self.habits else None
        self.titles = [
            TITLES[c][pick] if pick else self.rng.choice(TITLES[c])
            for c in self.columns
        ]
        self.cells: list[list[object]] = []
        self.truth: dict[int, Truth] = {}
        self.merges: list[tuple[int, int, int]] = []

    def has(self, habit: str) -> bool:
        return habit in self.habits

    # --- rows ---------------------------------------------------------------------

    def make(self) -> MadeList:
        if self.has("title"):
            self._add([f"{self.rng.randint(2014, 2024)}年客户资料汇总表（内部）"])
            if self.rng.random() < 0.5:
                self._add(["制表人：行政部", "", "", "日期：2024年3月"])
        self._add_titles()
        while self.made < ROWS:
            self._block()
        if self.has("totals"):
            self._total("合计")
        if self.has("footer"):
            self._add(["制表人：张三", "", "审核：李四"], Truth("none"))
            self._add(["注：以上资料仅供内部使用"], Truth("none"))
        ending = "csv" if self._is_csv() else "xls" if self.has("xls") else "xlsx"
        name = f"list{self.number:02d}.{ending}"
        return MadeList(name, self.habits, self._content(), self.truth)

    def _add_titles(self) -> None:
        """Titles in one row, or some of them below the title of a group."""
        if not self.has("two_rows"):
            self._add(self.titles)
            return
        group = {"phone", "mobile", "email"}
        pairs = list(zip(self.columns, self.titles, strict=True))
        upper = ["" if column in group else title for column, title in pairs]
        upper[self.columns.index("phone")] = "联系方式"
        self._add(upper)
        self._add([title if column in group else "" for column, title in pairs])

    def _add(self, cells: list[object], truth: Truth | None = None) -> int:
        self.cells.append(cells)
        if truth:
            self.truth[len(self.cells)] = truth
        return len(self.cells)

    def _block(self) -> None:
        """A customer, and what stands between customers."""
        if self.has("blanks") and self.rng.random() < 0.1:
            self._add([""] * len(self.columns))
        if self.has("totals") and self.rng.random() < 0.06:
            self._total(self.rng.choice(["小计", "合计：", "本页小计"]))
        if self.has("sections") and self.made % 20 == 0:
            column = self.columns.index("name")
            heading = self.rng.choice(
                ["一、华东区", "华南片区", "重点客户", "（二）老客户名单"]
            )
            self._add([*[""] * column, heading], Truth("none"))
        if self.has("headers_again") and self.made % 25 == 24:
            self._add(list(self.titles), Truth("none"))
        draw = self.rng.random()
        if draw < 0.08:
            self._wrong()
        elif (self.has("contacts") or self.has("ditto")) and draw < 0.35:
            self._company_with_contacts()
        else:
            self._add(*self._customer())
        self.made += 1

    def _total(self, word: str) -> None:
        cells: list[object] = [""] * len(self.columns)
        cells[0] = word
        cells[-1] = str(self.made)
        self._add(cells, Truth("none"))

    def _customer(self, **own: object) -> tuple[list[object], Truth]:
        person = {"serial": self.number * 1000 + self.made, **own}
        values, truth = self._values(person)
        return [values.get(column, "") for column in self.columns], truth

    def _wrong(self) -> None:
        """A wrong value in a checked field: nothing of the row may be created."""
        cells, _truth = self._customer()
        column, value = self.rng.choice(
            [("phone", "1380013"), ("mobile", "138001380001"), ("email", "wang.qq.com"),
             ("vat", "91330100MA00000000"), ("email", "a@b"), ("phone", "1.38E+10")]
        )  # fmt: skip
        cells[self.columns.index(column)] = value
        self._add(cells, Truth("wrong"))

    def _company_with_contacts(self) -> None:
        """One company over several rows; its cells are merged or left empty."""
        first, truth = self._customer()
        start = self._add(first, truth)
        for _again in range(self.rng.randint(1, 2)):
            self.made += 1
            cells, other = self._customer(company=truth.name)
            keep = {"contact", "mobile"}
            cells = [
                c if column in keep else ""
                for column, c in zip(self.columns, cells, strict=True)
            ]
            if self.has("ditto"):
                cells[self.columns.index("name")] = "同上"
            self._add(
                cells, Truth("good", truth.name, other.contact, other.numbers[1:2])
            )
        column = self.columns.index("name")
        if not self.has("ditto"):
            self.merges.append((start, len(self.cells), column))

    # --- values -------------------------------------------------------------------

    def _values(self, person: dict) -> tuple[dict[str, object], Truth]:
        rng, serial = self.rng, person["serial"]
        city, place, area = rng.choice(CITIES)
        name = person.get("company") or self._company_name(city, serial)
        contact = self._person_name()
        mobile = f"1{rng.choice(['38', '59', '86', '77'])}{serial:08d}"
        landline = f"{rng.choice('56')}{rng.randint(10, 99)}{serial:05d}"
        numbers = [f"{area}{landline}", mobile]
        values: dict[str, object] = {
            "number": str(self.made + 1), "name": name, "contact": contact,
            "mobile": mobile, "email": f"buyer{serial}@example-{serial}.cn",
            "phone": f"{area}-{landline}",
            "industry": rng.choice(INDUSTRY_WORDS), "level": rng.choice(LEVEL_WORDS),
            "source": rng.choice(SOURCE_WORDS), "owner": "", "state": place[:2],
            "street": f"{place}人民路{rng.randint(1, 999)}号",
            "vat": credit_code(rng, serial),
        }  # fmt: skip
        kept = [f"人民路{str(values['street']).split('人民路')[1]}"]
        if self.has("owners"):
            values["owner"] = rng.choice(OWNER_WORDS)
        kept += [str(values["owner"])] if values["owner"] else []
        self._phone_habits(values, numbers, area, serial, kept)
        email = str(values["email"])
        if self.has("emails") and rng.random() < 0.3:
            values["email"] = f"{email}；sales{serial}@example-{serial}.cn"
            kept.append(f"sales{serial}@example-{serial}.cn")
        amount, since = self._custom(values)
        if "note" in self.columns:
            values["note"] = rng.choice(
                ["", "老板爱喝茶", "2019年来访过\n对价格敏感", "付款慢，需预付"]
            )
            kept += str(values["note"]).split("\n") if values["note"] else []
        if self.has("glued_address"):
            values["state"] = f"{place}"
        if self.has("cities"):
            values["state"] = rng.choice([city, f"{place[:2]}-{city}", place])
        if self.has("traditional") and rng.random() < 0.4:
            for column in ("name", "industry", "source"):
                values[column] = str(values[column]).translate(TRADITIONAL)
            name = str(values["name"])
        truth = Truth(
            "good", name, contact, tuple(numbers), email, tuple(kept), amount, since
        )
        return values, truth

    def _company_name(self, city: str, serial: int) -> str:
        rng = self.rng
        brand = "".join(BRANDS[(serial // 30**k + k * 7) % 30] for k in range(3))
        name = f"{city}{brand}{rng.choice(TRADES)}{rng.choice(SUFFIXES)}"
        if self.has("branches") and rng.random() < 0.3:
            name += rng.choice(["上海分公司", "华南分公司", "第二营业部"])
        elif self.has("branches") and rng.random() < 0.2:
            name = name.replace(city, "", 1).replace(brand, f"{brand}（{city}）", 1)
        return name

    def _person_name(self) -> str:
        rng = self.rng
        given = "".join(rng.choice(GIVEN) for _n in range(rng.randint(1, 2)))
        return rng.choice(SURNAMES) + given

    def _phone_habits(self, values, numbers, area, serial, kept) -> None:
        """Several numbers, extensions, names beside numbers, numbers as numbers."""
        rng = self.rng
        if self.has("extensions") and rng.random() < 0.4:
            mark = rng.choice(["转", "-", " 转 ", "分机", " ext "])
            values["phone"] = f"{values['phone']}{mark}{rng.randint(101, 899)}"
        elif self.has("phones") and rng.random() < 0.4:
            second = f"{rng.choice('78')}{serial:07d}"[:8]
            other = f"199{serial:08d}"
            mark = rng.choice(["/", "；", "、", "\n", " ", ","])
            which = rng.choice([f"{area}-{second}", other])
            values["phone"] = f"{values['phone']}{mark}{which}"
            numbers.append(which.replace("-", ""))
        elif self.has("named_phones") and rng.random() < 0.4:
            words = rng.choice(["财务", "前台", "王姐"])
            other = f"198{serial:08d}"
            values["phone"] = f"{values['phone']} {words}{other}"
            numbers.append(other)
            kept.append(words)
        if self.has("phones") and rng.random() < 0.1:
            values["mobile"] = f"{values['mobile']}/1390000"  # a half number beside it
            kept.append("1390000")
        self._odd_cells(values, numbers, serial, kept)
        if self.has("floats"):
            values["mobile"] = float(str(values["mobile"]))

    def _odd_cells(self, values, numbers, serial, kept) -> None:
        """Full width, prefixes, line breaks, remarks where a value should stand."""
        rng = self.rng
        if self.has("wide") and rng.random() < 0.4:
            digits = str(values["mobile"])
            values["mobile"] = rng.choice(
                [digits.translate(_FULL_WIDTH), f"+86 {digits}", f"0086-{digits}",
                 f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"{digits}(微信同号)"]
            )  # fmt: skip
        plain = len(numbers) == 2 and str(values["phone"]).count("-") == 1
        if self.has("remarks") and plain and rng.random() < 0.2:
            column, text = rng.choice(REMARKS)
            if column == "phone":
                numbers[:] = [numbers[1]]
            values[column] = text
            kept.append(text)
        elif self.has("messengers") and plain and rng.random() < 0.3:
            other = rng.choice([f"微信：wx{serial}ab", f"QQ:{serial}88"])
            values["phone"] = rng.choice([other, f"{values['phone']}；{other}"])
            kept.append(other)
            if other == values["phone"]:
                numbers[:] = [numbers[1]]
        if self.has("newlines") and rng.random() < 0.2:
            values["street"] = str(values["street"]).replace("人民路", "\n人民路")

    def _custom(self, values) -> tuple[float | None, date | None]:
        rng, amount, since = self.rng, None, None
        if "amount" in self.columns:
            tens = rng.randint(1, 90)
            amount = tens * 10000.0
            values["amount"] = rng.choice(
                [f"{tens}万", f"约{tens}万元", f"{tens * 10000:,}", f"￥{tens * 10000}",
                 f"{tens}万/年", tens * 10000]
            )  # fmt: skip
        if "since" in self.columns:
            since = date(2012, 1, 1) + timedelta(days=rng.randint(0, 4000))
            values["since"] = (
                since if not self._is_csv() and rng.random() < 0.3
                else since.strftime(rng.choice(DATES))
            )  # fmt: skip
        return amount, since

    # --- files --------------------------------------------------------------------

    def _is_csv(self) -> bool:
        return any(habit.startswith("csv") for habit in self.habits)

    def _content(self) -> bytes:
        if self._is_csv():
            return self._csv()
        return self._xls() if self.has("xls") else self._xlsx()

    def _csv(self) -> bytes:
        out = io.StringIO()
        mark = ";" if self.has("csv_semicolon") else ","
        width = len(self.columns)
        rows = [[*row, *[""] * (width - len(row))] for row in self.cells]
        csv.writer(out, delimiter=mark).writerows(rows)
        return out.getvalue().encode("gb18030" if self.has("csv_gbk") else "utf-8-sig")

    def _xls(self) -> bytes:
        book = xlwt.Workbook(encoding="utf-8")
        page = book.add_sheet("客户")
        day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        covered = self._covered()
        for r, row in enumerate(self.cells):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write(r, c, cell, day)
                elif cell != "" and (r, c) not in covered:
                    page.write(r, c, cell)
        for first, last, column in self.merges:
            page.merge(first - 1, last - 1, column, column)
        if self.has("merged_title"):
            page.merge(0, 0, 0, len(self.columns) - 1)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _covered(self) -> set[tuple[int, int]]:
        """Cells that a merged cell hides; Excel keeps them empty."""
        return {
            (row, column)
            for first, last, column in self.merges
            for row in range(first, last)
        }

    def _xlsx(self) -> bytes:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            if self.has("cover"):
                book.add_worksheet("封面").write(2, 2, "内部资料 请勿外传")
            page = book.add_worksheet("客户名单")
            day = book.add_format({"num_format": "yyyy/m/d"})
            for r, row in enumerate(self.cells):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(r, c, cell, day)
                    elif isinstance(cell, int | float):
                        page.write_number(r, c, cell)
                    elif cell != "":
                        page.write_string(r, c, str(cell))
            for first, last, column in self.merges:
                name = self.cells[first - 1][column]
                page.merge_range(first - 1, column, last - 1, column, name)
            if self.has("merged_title"):
                page.merge_range(0, 0, 0, len(self.columns) - 1, self.cells[0][0])
        return out.getvalue()
