from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

CUSTOMER_CODE = "res.partner.customer"


class CustomerSequence(NamedTuple):
    """What drawing customer codes needs to know of their sequence.

    ``is_plain``: numbers may be drawn many at a time; ``prefix`` and ``suffix`` may
    contain Odoo's place holders for dates.
    """

    id: int
    is_plain: bool
    prefix: str
    suffix: str
    padding: int


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        sequences._forget_customer_sequence()
        return sequences

    def write(self, vals):
        self._forget_customer_sequence()
        result = super().write(vals)
        self._forget_customer_sequence()
        return result

    def unlink(self):
        self._forget_customer_sequence()
        return super().unlink()

    def _forget_customer_sequence(self):
        if CUSTOMER_CODE in self.mapped("code"):
            self.env.registry.clear_cache()

    @api.model
    @ormcache("self.env.company.id")
    def _get_customer_sequence(self) -> CustomerSequence:
        """The sequence of customer codes: the company's own, else the common one.

        :raises UserError: when an administrator deleted both.
        """
        sequence = self.search(
            [
                ("code", "=", CUSTOMER_CODE),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        if not sequence:
            raise UserError(
                self.env._(
                    "There is no sequence for customer codes. Ask an administrator "
                    "to create one with the code “res.partner.customer” under "
                    "Settings / Technical / Sequences."
                )
            )
        return CustomerSequence(
            sequence.id,
            sequence.implementation == "standard" and not sequence.use_date_range,
            sequence.prefix or "",
            sequence.suffix or "",
            sequence.padding,
        )

    @api.model
    def _next_customer_codes(self, count: int) -> list[str]:
        """Draw ``count`` codes, one query for a plain sequence.

        A sequence without gaps or with date ranges keeps Odoo's own way, one
        number at a time, because each number needs its row lock there.

        :raises UserError: when there is no sequence
        """
        known = self._get_customer_sequence()
        if not known.is_plain:
            sequence = self.browse(known.id)
            return [sequence._next() for _index in range(count)]
        prefix, suffix = known.prefix, known.suffix
        if "%" in prefix + suffix:
            prefix, suffix = self.browse(known.id)._get_prefix_suffix()
        self.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            [f"ir_sequence_{known.id:03d}", count],
        )
        return [
            f"{prefix}{number:0{known.padding}d}{suffix}"
            for (number,) in self.env.cr.fetchall()
        ]
