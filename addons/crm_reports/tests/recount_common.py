"""A second hand that counts figures: raw rows by plain SQL, added up in Python after
the sentence the user reads, sharing no line with the catalogue."""

import random
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytz

from ..models.crm_measure import Scope
from ..tools.periods import Period

ZONES = ("Asia/Shanghai", "America/New_York", "Pacific/Auckland")


class Rows(NamedTuple):
    """The rows of one reader at one moment, and how to read them."""

    zone: str
    today: date
    first: date
    last: date
    own_currency: int
    rates: dict
    tables: dict

    def day(self, moment):
        """The day of a moment where the company is; None for none."""
        if moment is None:
            return None
        zone = pytz.timezone(self.zone)
        return pytz.utc.localize(moment).astimezone(zone).date()

    def within(self, moment) -> bool:
        """Whether a moment or a day lies in the period."""
        day = self.day(moment) if isinstance(moment, datetime) else moment
        return day is not None and self.first <= day <= self.last

    def worth(self, amount, currency, day):
        """An amount in the reader's currency at the rate of a day."""
        if currency == self.own_currency:
            return amount
        return amount * self.rate(self.own_currency, day) / self.rate(currency, day)

    def rate(self, currency, day):
        """The latest one by then; of the currency all are measured by, 1."""
        known = [rate for begin, rate in self.rates.get(currency, ()) if begin <= day]
        return known[-1] if self.rates.get(currency) else 1

    def __getattr__(self, name):
        try:
            return self.tables[name]
        except KeyError:
            raise AttributeError(name) from None


def share(part, whole):
    """Percent, None of nothing."""
    return 100 * len(part) / len(whole) if whole else None


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers) if numbers else None


class RecountMixin:
    """Compare each measure of ``RECOUNTS`` (key: (sentence, function of ``Rows``)),
    asked as each of ``READERS`` with their companies, in each zone and period."""

    RECOUNTS = {}  # noqa: RUF012
    READERS = ()
    PERIODS = (  # first and last day
        (date(2026, 11, 1), date(2026, 11, 24)),
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2025, 12, 1), date(2026, 12, 31)),
    )

    def select(self, table, columns="*"):
        """Raw rows, whoever may read them."""
        self.env.cr.execute(f"SELECT {columns} FROM {table}")
        names = [one.name for one in self.env.cr.description]
        return [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]

    def raw_rates(self, company):
        """{currency: [(day, rate)]} of a company, in order."""
        found = {}
        for row in sorted(self.select("res_currency_rate"), key=lambda r: r["name"]):
            if row["company_id"] in (None, company.id):
                found.setdefault(row["currency_id"], []).append(
                    (row["name"], float(row["rate"]))
                )
        return found

    def rows_of(self, reader, companies, zone, period, tables) -> Rows:
        now = pytz.utc.localize(self.now()).astimezone(pytz.timezone(zone))
        company = companies[0]
        return Rows(
            zone,
            now.date(),
            *period,
            company.currency_id.id,
            self.raw_rates(company),
            self.readable(reader, companies, tables),
        )

    def recount(self):
        """Each figure once by the catalogue and once by hand."""
        self.env.flush_all()
        tables = self.raw_tables()
        counted = 0
        for zone in ZONES:
            self.env.companies.search([]).resource_calendar_id.tz = zone
            for role, companies in self.READERS:
                companies = self.companies_of(companies)
                catalogue = self.env["crm.measure"].with_user(self.roles[role])
                catalogue = catalogue.with_context(allowed_company_ids=companies.ids)
                measures = catalogue._readable_measures()
                for period in self.PERIODS:
                    rows = self.rows_of(
                        self.roles[role], companies, zone, period, tables
                    )
                    days = Period(period[0], period[1] + timedelta(days=1))
                    for key, (_sentence, count) in self.RECOUNTS.items():
                        if key not in measures:
                            continue
                        figure = catalogue._value(measures[key], Scope(), days)
                        with self.subTest(
                            figure=key, role=role, zone=zone, period=period,
                            companies=companies.mapped("name"),
                        ):  # fmt: skip
                            by_hand = count(rows)
                            counted += bool(by_hand)
                            if by_hand is None:
                                self.assertIsNone(figure)
                            else:
                                self.assertAlmostEqual(figure, by_hand, 4)
        # a comparison of nothing with nothing proves nothing
        self.assertGreater(counted, 100)

    def companies_of(self, names):
        """The companies of a reader, the first one leading."""
        return self.env.company

    def check_sentences(self):
        """A sentence that is changed asks for another recount."""
        measures = self.env["crm.measure"]._measures()
        for key, (sentence, _count) in self.RECOUNTS.items():
            with self.subTest(key):
                self.assertEqual(measures[key].formula, sentence)


def chance(seed: int) -> random.Random:
    """The same history in every run."""
    return random.Random(seed)
