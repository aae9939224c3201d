import logging
import re
import unicodedata

from odoo.tests import tagged

from ..phases.custom_fields import CustomFields
from .common import ImportCase
from .realistic_lists import HABITS, all_lists

_logger = logging.getLogger(__name__)
PROPERTIES = [
    {"name": "x_amount", "string": "年采购额", "type": "float"},
    {"name": "x_since", "string": "合作日期", "type": "date"},
]


@tagged("post_install", "-at_install")
class TestRealisticLists(ImportCase):
    """Ten years of habits: good rows come in, wrong ones do not. Spec C8.

    The table of the README is what this test measures.
    """

    def setUp(self):
        super().setUp()
        definition = CustomFields(self.env).definition()
        definition.properties_definition = PROPERTIES

    def imported(self, made):
        record = self.preview(
            content=made.content, file_name=made.name, user=self.admin
        )
        self.assertEqual(record.state, "preview", record.error_message)
        # owners stay undecided: whom a list means depends on who works here
        record.word_ids.filtered(
            lambda word: word.field_name != "owner"
        ).action_accept()
        record.action_import()
        return self.run_to_end(record)

    def test_twenty_lists(self):
        total, good, faults = 0, 0, []
        for made, habits in zip(all_lists(), HABITS, strict=True):
            with self.env.cr.savepoint():
                record = self.imported(made)
                self.assertEqual(record.state, "done", made.name)
                right, wrong = self.compared(record, made)
                rows = sum(t.kind == "good" for t in made.truth.values())
                total, good = total + rows, good + right
                faults += wrong
                bad = len(made.truth) - rows
                _logger.info("%s | %s | %s of %s | %s | 0", made.name, habits, right,
                             rows, bad)  # fmt: skip
                record.action_undo()
                self.run_to_end(record)
                self.assertEqual(record.kept_count, 0, made.name)
        self.assertGreaterEqual(len(all_lists()), 20)
        self.assertFalse(faults, "\n".join(faults[:40]))
        self.assertGreaterEqual(good / total, 0.99)

    def compared(self, record, made) -> tuple[int, list[str]]:
        """Good rows that came in as the truth has them, and what is wrong."""
        right, faults = 0, []
        lines = {line.row_number: line for line in record.line_ids}
        for row, truth in made.truth.items():
            line = lines.pop(row, None)
            came_in = line is not None and line.decision in ("create", "update")
            if truth.kind == "good" and line is not None and came_in:
                found = self.differences(line, truth)
                right += not found
            elif truth.kind == "good":
                found = [f"not imported: {line.reason if line else 'not read'}"]
            else:
                found = [f"{truth.kind} row created"] if came_in else []
            faults += [f"{made.name} row {row}: {text}" for text in found]
        for row, line in lines.items():
            if line.decision in ("create", "update"):
                faults.append(f"{made.name} row {row}: created, but is no customer")
        return right, faults

    def differences(self, line, truth) -> list[str]:
        customer, contact = line.partner_id, line.contact_id
        everything = self.dump(customer) + self.dump(contact)
        digits = re.sub(r"\D", "", everything.replace("+86", "0"))
        found = []
        if customer.name != truth.name:
            found.append(f"name {customer.name} instead of {truth.name}")
        if truth.contact and contact.name != truth.contact:
            found.append(f"contact {contact.name} instead of {truth.contact}")
        found += [
            f"number {number} lost" for number in truth.numbers
            if number.lstrip("0") not in digits
        ]  # fmt: skip
        if truth.email and customer.email != truth.email:
            found.append(f"mail {customer.email} instead of {truth.email}")
        found += [f"{text} lost" for text in truth.kept
                  if self.folded(text) not in self.folded(everything)]  # fmt: skip
        return found + self.custom_differences(customer, truth)

    def custom_differences(self, customer, truth) -> list[str]:
        values = customer.properties
        found = []
        if truth.amount is not None and values["x_amount"] != truth.amount:
            found.append(f"amount {values['x_amount']} instead of {truth.amount}")
        if truth.since and str(values["x_since"]) != str(truth.since):
            found.append(f"date {values['x_since']} instead of {truth.since}")
        return found

    def folded(self, text) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split())

    def dump(self, partner) -> str:
        """All that is written on a partner."""
        names = ("name", "phone", "email", "street", "city", "comment", "ref", "vat")
        texts = [str(partner[name] or "") for name in names]
        owner = partner.user_id.name or ""
        return " ".join([*texts, owner])
