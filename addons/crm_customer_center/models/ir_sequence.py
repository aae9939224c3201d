from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

CUSTOMER_CODE = "res.partner.customer"


class SequenceShape(NamedTuple):
    """What drawing numbers needs to know of a sequence.

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

    # ------------------------------------------------------------
    # DRAWING MANY
    # ------------------------------------------------------------

    def _next_many(self, count: int) -> list[str]:
        """Draw ``count`` numbers of this sequence, one query for a plain one.

        A sequence without gaps or with date ranges keeps Odoo's own way, one
        number at a time, because each number needs its row lock there.
        """
        return self._draw(self._shape(), count)

    @api.model
    def _next_customer_codes(self, count: int) -> list[str]:
        """Draw ``count`` customer codes, as ``_next_many`` does.

        :raises UserError: when there is no sequence
        """
        return self._draw(self._customer_sequence(), count)

    @api.model
    @ormcache("self.env.company.id")
    def _customer_sequence(self) -> SequenceShape:
        """The sequence of customer codes: the company's own, else the common one.

        :raises UserError: when an administrator deleted both
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
        return sequence._shape()

    def _shape(self) -> SequenceShape:
        self.ensure_one()
        return SequenceShape(
            self.id,
            self.implementation == "standard" and not self.use_date_range,
            self.prefix or "",
            self.suffix or "",
            self.padding,
        )

    @api.model
    def _draw(self, shape: SequenceShape, count: int) -> list[str]:
        sequence = self.browse(shape.id)
        if not shape.is_plain:
            return [sequence._next() for _index in range(count)]
        prefix, suffix = shape.prefix, shape.suffix
        if "%" in prefix + suffix:
            prefix, suffix = sequence._get_prefix_suffix()
        self.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            [f"ir_sequence_{shape.id:03d}", count],
        )
        return [
            f"{prefix}{number:0{shape.padding}d}{suffix}"
            for (number,) in self.env.cr.fetchall()
        ]
