from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

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

    @property
    def counter(self) -> str:
        """What PostgreSQL counts the numbers of a plain one with."""
        return f"ir_sequence_{self.id:03d}"


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
        """Draw ``count`` customer codes, as ``_next_many`` does, and return those that
        no partner has, in their order.

        :raises UserError: when there is no sequence
        """
        shape = self._customer_sequence()
        if not shape.is_plain:
            return self._free_codes(self._draw(shape, count))
        prefix, suffix = self._affixes(shape)
        # one journey to the database: customers are created one by one as well
        query = SQL(
            """
            WITH drawn AS MATERIALIZED (
                SELECT nextval(%(sequence)s)::text AS number, place
                  FROM generate_series(1, %(count)s) AS place
            ), coded AS (
                SELECT place, %(prefix)s
                       || lpad(number, greatest(length(number), %(padding)s), '0')
                       || %(suffix)s AS code
                  FROM drawn
            )
            SELECT code FROM coded
             WHERE NOT EXISTS (SELECT FROM res_partner WHERE customer_code = code)
             ORDER BY place
            """,
            sequence=shape.counter,
            count=count,
            prefix=prefix,
            padding=shape.padding,
            suffix=suffix,
        )
        return [code for (code,) in self.env.execute_query(query)]

    @api.model
    def _free_codes(self, codes: list[str]) -> list[str]:
        """Those of the codes that no customer has, whoever may see it.

        Asked while new partners are still being computed: a search would write them
        half done first, and all their index entries a second time afterwards. Codes
        that somebody typed are in the table already, see ``write`` of partners.
        """
        query = SQL(
            "SELECT customer_code FROM res_partner WHERE customer_code = ANY(%s)", codes
        )
        taken = {code for (code,) in self.env.execute_query(query)}
        return [code for code in codes if code not in taken]

    @api.model
    def _has_customer_sequence(self) -> bool:
        # sudo: whether there is one, asked for users of all roles
        return bool(self.sudo().search_count([("code", "=", CUSTOMER_CODE)]))

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
        if not shape.is_plain:
            sequence = self.browse(shape.id)
            return [sequence._next() for _index in range(count)]
        prefix, suffix = self._affixes(shape)
        self.env.cr.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)", [shape.counter, count]
        )
        return [
            f"{prefix}{number:0{shape.padding}d}{suffix}"
            for (number,) in self.env.cr.fetchall()
        ]

    @api.model
    def _affixes(self, shape: SequenceShape) -> tuple[str, str]:
        """What stands before and after a number drawn now."""
        if "%" in shape.prefix + shape.suffix:
            return self.browse(shape.id)._get_prefix_suffix()
        return shape.prefix, shape.suffix
