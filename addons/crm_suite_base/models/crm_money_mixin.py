from collections.abc import Iterable
from datetime import date

from lxml import etree

from odoo import api, models
from odoo.tools import SQL

# what the foot of a list's column can say; the sum first
FEET = ("sum", "avg", "max", "min")
# a column in which there is room for millions
WIDE = "140px"


class CrmMoneyMixin(models.AbstractModel):
    """Amounts in the currencies of several companies, added up in that of the reader's
    company at the rate of the day each amount belongs to.

    Odoo's own sum of currencies takes today's rate for all days, prefers a rate that
    lies in the future, and takes 1 where there is none. Here the rate is the latest
    one not after the day, the company's before one of all companies; where there is
    none the amount is left out, and ``sum_currency_missing`` says of which currencies.
    A model says the day by ``_money_day``. See docs/adr/0027.
    """

    _name = "crm.money.mixin"
    _description = "Amounts in Several Currencies"

    # ------------------------------------------------------------
    # TO BE SAID BY THE MODELS
    # ------------------------------------------------------------

    # whether rows are in the currency of the reader's company when they are read
    _money_is_own = False

    @api.model
    def _money_columns(self) -> dict[str, tuple[str, ...]]:
        """Columns that add up in the reader's currency, by the monetary field beside
        which a list of several currencies shows them."""
        return {}

    def _money_day(self, fname: str, query) -> SQL:
        """The day whose rate an amount is converted at, a date; the company's today
        unless the model knows better.

        :param fname: the monetary field
        """
        return self._money_today()

    @api.model
    def _money_today(self) -> SQL:
        return SQL("%s::date", self.env.company._today())

    @api.model
    def _money_local_day(self, column: SQL) -> SQL:
        """The day of a moment (a naive UTC column) where the company is."""
        zone = self.env.company._zone()
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", column, zone)

    @api.model
    def _money_day_closed(self, status: SQL, closed: SQL) -> SQL:
        """The day a deal was won or lost, of an open one today.

        :param status: ``pending``, ``won`` or ``lost``
        :param closed: the moment, naive, UTC
        """
        return SQL(
            "CASE WHEN %s IN ('won', 'lost') AND %s IS NOT NULL THEN %s ELSE %s END",
            status,
            closed,
            self._money_local_day(closed),
            self._money_today(),
        )

    # ------------------------------------------------------------
    # CONVERT
    # ------------------------------------------------------------

    def _money_sql(self, fname: str, query) -> SQL:
        """A monetary field in the currency of the reader's company; NULL where there
        is no rate."""
        return self._money_convert(*self._money_terms(fname, query))

    def _money_terms(self, fname: str, query) -> tuple[SQL, SQL, SQL]:
        """Amount, currency and day of a monetary field."""
        currency = self._fields[fname].get_currency_field(self)
        return (
            self._field_to_sql(self._table, fname, query),
            self._field_to_sql(self._table, currency, query),
            self._money_day(fname, query),
        )

    @api.model
    def _money_convert(self, amount: SQL, currency: SQL, day: SQL) -> SQL:
        """An amount in the currency of the reader's company."""
        own = self.env.company.currency_id.id
        return SQL(
            "CASE WHEN %(currency)s = %(own)s THEN %(amount)s"
            " ELSE %(amount)s * %(to)s / %(from)s END",
            amount=amount,
            currency=currency,
            own=own,
            to=self._money_rate(SQL("%s", own), day),
            **{"from": self._money_rate(currency, day)},
        )

    @api.model
    def _money_rate(self, currency: SQL, day: SQL) -> SQL:
        """The rate of a currency on a day; NULL where none is known by then."""
        model = self.env["res.currency.rate"]

        def column(name: str) -> SQL:
            # as the ORM names it, so that what is not in the database yet is written
            return model._field_to_sql("rate", name)

        rate = SQL(
            "(SELECT %(rate)s FROM res_currency_rate AS rate"
            " WHERE %(currency)s = %(of)s AND %(name)s <= %(day)s"
            " AND (%(company)s IS NULL OR %(company)s = %(own)s)"
            " ORDER BY %(company)s, %(name)s DESC LIMIT 1)",
            rate=column("rate"),
            currency=column("currency_id"),
            name=column("name"),
            company=column("company_id"),
            of=currency,
            day=day,
            own=self.env.company.root_id.id,
        )
        reference = self._money_reference()
        if not reference:
            return rate
        return SQL("CASE WHEN %s = %s THEN 1 ELSE %s END", currency, reference, rate)

    @api.model
    def _money_reference(self) -> int:
        """The currency that rates are measured by, 0 where nobody can tell.

        It is the one without any rate: the reader's, else the only one among the
        companies that are switched on.
        """
        # sudo: the currencies of the companies the user works in are no secret
        currencies = self.env.companies.sudo().currency_id
        if len(currencies) < 2:
            return 0
        self.env["res.currency.rate"].flush_model(["currency_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT currency_id FROM res_currency_rate WHERE"
                " currency_id = ANY(%s) AND (company_id IS NULL OR company_id = %s)",
                currencies.ids,
                self.env.company.root_id.id,
            )
        )
        rateless = set(currencies.ids) - {currency for (currency,) in rows}
        own = self.env.company.currency_id.id
        if own in rateless:
            return own
        return rateless.pop() if len(rateless) == 1 else 0

    @api.model
    def _money_factors(self, wanted: Iterable[tuple[int, date]]) -> dict:
        """What one unit of a currency was worth in that of the reader's company.

        :param wanted: (currency id, day)
        :return: {(currency id, day): factor, None where there is no rate}; one query
        """
        pairs = list(set(wanted))
        if not pairs:
            return {}
        factor = self._money_convert(
            SQL("1.0"), SQL.identifier("asked", "currency"), SQL("asked.day")
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT asked.currency, asked.day, %s"
                " FROM unnest(%s::int[], %s::date[]) AS asked (currency, day)",
                factor,
                [currency for currency, _day in pairs],
                [day for _currency, day in pairs],
            )
        )
        return {
            (currency, day): None if number is None else float(number)
            for currency, day, number in rows
        }

    def _money_amounts(self, fname: str) -> dict[int, float | None]:
        """The amounts of these records in the currency of the reader's company, by
        id; None where there is no rate. One query."""
        self.flush_model()
        query = self._as_query(ordered=False)
        if query.is_empty():
            return {}
        amount = self._money_sql(fname, query)
        id_ = SQL.identifier(self._table, "id")
        return {
            record: None if number is None else float(number)
            for record, number in self.env.execute_query(query.select(id_, amount))
        }

    # ------------------------------------------------------------
    # ADD UP
    # ------------------------------------------------------------

    @api.model
    def _money_is_mixed(self) -> bool:
        """Whether the companies the user has switched on keep different currencies."""
        # sudo: the currency of a company the user works in is no secret
        return len(self.env.companies.sudo().currency_id) > 1

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._money_is_mixed())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """The foot of a list of several currencies says nothing: the client would add
        up at today's rate, and at 1 where there is none. What is converted adds up in
        a column of its own."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "list" and self._money_is_mixed() and not self._money_is_own:
            self._money_mend_foot(arch)
        return arch, view

    @api.model
    def _money_mend_foot(self, arch) -> None:
        columns = self._money_columns()
        known = {node.get("name") for node in arch.iterchildren("field")}
        for node in list(arch.iterchildren("field")):
            name = node.get("name")
            field = self._fields.get(name)
            if not field or field.type != "monetary":
                continue
            words = [node.attrib.pop(foot, "") for foot in FEET]
            for column in reversed(columns.get(name, ())):
                if words[0] and column not in known:
                    looks = {"sum": words[0], "optional": "show", "width": WIDE}
                    node.addnext(etree.Element("field", {"name": column, **looks}))

    def _read_group_select(self, aggregate_spec, query) -> SQL:
        fname, _colon, func = aggregate_spec.rpartition(":")
        field = self._fields.get(fname)
        if field and field.type == "monetary":
            if func == "sum_currency":
                return SQL("SUM(%s)", self._money_sql(fname, query))
            if func == "sum_currency_missing":
                return self._money_missing(fname, query)
        return super()._read_group_select(aggregate_spec, query)

    def _money_missing(self, fname: str, query) -> SQL:
        """The ids of the currencies of the amounts that could not be converted."""
        amount, currency, day = self._money_terms(fname, query)
        return SQL(
            "ARRAY_AGG(DISTINCT CASE WHEN %s != 0 AND %s IS NULL THEN %s END)",
            amount,
            self._money_convert(SQL("1.0"), currency, day),
            currency,
        )
