import base64
import csv
import io

import openpyxl

from odoo.tests import TransactionCase, new_test_user

ROLE = "crm_customer_center.group_%s"
HEADERS = ["客户名称", "联系人", "手机", "邮箱", "省份"]


def csv_bytes(rows, encoding="utf-8") -> bytes:
    """Rows of cells as a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows, sheets=("Sheet1",)) -> bytes:
    """Rows of cells as a workbook; the rows stand in every sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def company_rows(count: int, start: int = 0) -> list[list[str]]:
    """Clean rows: one company with a contact each, all different."""
    return [
        [
            f"测试{number:06d}贸易有限公司",
            f"张{number}",
            f"138{number:08d}",
            f"buyer{number}@example{number}.cn",
            "浙江",
        ]
        for number in range(start, start + count)
    ]


class ImportCase(TransactionCase):
    """A rep, a team manager with a team, an administrator and builders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.cn")
        cls.rep = cls._user("rep", "sales_rep")
        cls.other_rep = cls._user("other_rep", "sales_rep")
        cls.manager = cls._user("manager", "team_manager")
        cls.admin = cls._user("crm_admin", "crm_admin")
        cls.team = cls.env["crm.team"].create(
            {"name": "East", "user_id": cls.manager.id, "member_ids": cls.rep.ids}
        )

    @classmethod
    def _user(cls, login, *roles, **values):
        groups = ",".join(["base.group_user", *(ROLE % role for role in roles)])
        name = values.pop("name", f"User {login}")
        return new_test_user(
            cls.env, f"import_{login}", groups, name=name, lang="en_US", **values
        )

    @classmethod
    def make_import(cls, rows=None, user=None, content=None, **values):
        """An import of ``rows`` (titles first) or of a whole file, not read yet."""
        user = user or cls.rep
        if content is None:
            content = csv_bytes(rows)
        return (
            cls.env["crm.customer.import"]
            .with_user(user)
            .create(
                {
                    "data_file": base64.b64encode(content),
                    "file_name": values.pop("file_name", "list.csv"),
                    "default_user_id": user.id,
                    **values,
                }
            )
        )

    @classmethod
    def preview(cls, rows=None, **values):
        record = cls.make_import(rows, **values)
        record.action_preview()
        return record

    @classmethod
    def customer(cls, name, owner=None, **values):
        """A stored customer company."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "lifecycle_state": "potential",
                "user_id": owner.id if owner else False,
                "country_id": cls.env.ref("base.cn").id,
                **values,
            }
        )

    def run_to_end(self, record):
        """Do the background work of ``record`` here, without commits."""
        record = record.sudo()
        while record.state in ("reading", "importing", "undoing"):
            for _count in record._phase():
                pass
        return record

    def decisions(self, record) -> list[str]:
        return record.line_ids.sorted("row_number").mapped("decision")

    def assertAccounted(self, record, rows: int):
        """created + updated + skipped + refused = rows read."""
        self.assertEqual(record.row_count, rows)
        self.assertEqual(
            record.create_count
            + record.update_count
            + record.skip_count
            + record.refuse_count,
            rows,
        )
