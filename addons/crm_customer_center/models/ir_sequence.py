from odoo import api, models
from odoo.exceptions import UserError


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _get_customer_sequence(self):
        """The sequence of customer codes: the company's own, else the common one.

        :raises UserError: when an administrator deleted both.
        """
        sequence = self.search_fetch(
            [
                ("code", "=", "res.partner.customer"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            ["implementation", "use_date_range", "prefix", "suffix", "padding"],
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
        return sequence

    def _next_many(self, count: int) -> list[str]:
        """Draw ``count`` numbers of this sequence, one query for a plain one.

        A sequence without gaps or with date ranges keeps Odoo's own way, one
        number at a time, because each number needs its row lock there.
        """
        self.ensure_one()
        if self.implementation != "standard" or self.use_date_range:
            return [self._next() for _index in range(count)]
        self.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)",
            [f"ir_sequence_{self.id:03d}", count],
        )
        return [self.get_next_char(number) for (number,) in self.env.cr.fetchall()]
