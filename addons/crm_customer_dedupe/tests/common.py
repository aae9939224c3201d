"""Builders for the tests of doubles."""

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


class PairsCommon(CustomerCommon):
    """``find()`` compares who waits; ``pair_of()`` is the pair of two customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pairs = cls.env["crm.customer.pair"]
        # what the database brings is compared before
        cls.find()

    @classmethod
    def find(cls):
        cls.env.flush_all()
        cls.pairs._cron_find()
        cls.env.invalidate_all()

    @classmethod
    def make_double(cls, name="上海恒测信息技术有限公司", **values):
        """Two customers that may be one, compared; the older first."""
        one = cls.make_customer("上海恒策信息技术有限公司", **values)
        other = cls.make_customer(name, **values)
        cls.find()
        return one, other

    @classmethod
    def pair_of(cls, one, other):
        ids = sorted((one.id, other.id))
        return cls.pairs.search([("one_id", "=", ids[0]), ("other_id", "=", ids[1])])

    def rows(self, table):
        """What stands in a table, with the transaction that wrote each row."""
        self.env.flush_all()
        self.env.cr.execute(f"SELECT xmin::text, ctid::text, t.* FROM {table} t")
        return sorted(map(str, self.env.cr.fetchall()))
