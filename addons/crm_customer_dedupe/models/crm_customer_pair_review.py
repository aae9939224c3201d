from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.crm_customer_center.tools.likeness import REASONS
from odoo.addons.crm_suite_base.calls import shaped

from ..tools.grouping import Found, in_groups

# so many pairs are fetched at once; a person decides some dozens at a sitting
QUEUE = 200
# what is laid side by side, in this order
ROWS = (
    "name",
    "former_names",
    "customer_code",
    "vat",
    "id_number",
    "ref",
    "phone",
    "email",
    "website",
    "street",
    "city",
    "user_id",
    "team_id",
    "lifecycle_state",
    "customer_level_id",
    "industry_id",
    "customer_source_id",
    "category_id",
    "create_date",
)
# filled in by nobody, so it says nothing of how much is known
_GIVEN = ("customer_code", "lifecycle_state", "create_date", "name")


class Side(NamedTuple):
    """One of the two on the screen; ``facts`` and ``counts``: what there is of it."""

    id: int
    name: str
    filled: int
    newer: bool
    may_be_changed: bool
    facts: list[dict]
    counts: list[dict]


class CrmCustomerPair(models.Model):
    """The screen on which pairs are decided one after the other."""

    _inherit = "crm.customer.pair"

    @api.model
    @shaped
    def get_review_queue(self, reason: str) -> dict:
        """Return the open pairs that the person may review, surest first.

        :param reason: only those for which it speaks, "" for all
        :return: ``{"ids", "total", "reasons": [{key, label, count}]}``
        """
        opened = Domain("state", "=", "open")
        groups = self._read_group(opened, ["reasons"], ["__count"])
        counts = dict.fromkeys(REASONS, 0)
        for reasons, count in groups:
            for key in (reasons or "").split(","):
                if key in counts:
                    counts[key] += count
        labels = self._reason_labels()
        ids = self._queue(opened, reason if reason in counts else "")
        return {
            "ids": ids,
            "total": sum(count for _reasons, count in groups),
            "reasons": [
                {"key": key, "label": labels[key], "count": count}
                for key, count in counts.items()
                if count
            ],
        }

    @api.model
    def _queue(self, opened: Domain, reason: str) -> list[int]:
        domain = opened
        if reason:
            # a whole word of the list: "name" is part of "similar_name"
            places = (reason, f"{reason},%", f"%,{reason}", f"%,{reason},%")
            domain &= Domain.OR([Domain("reasons", "=like", one) for one in places])
        found = self.search(domain, limit=QUEUE)
        put_off = found.filtered("later_date")
        return (
            in_groups(
                [
                    Found(pair.id, pair.one_id.id, pair.other_id.id, pair.is_sure)
                    for pair in found - put_off
                ]
            )
            + put_off.ids
        )

    @api.readonly
    def get_review_card(self) -> dict:
        """Return the two customers field by field, as far as the person reads them.

        :raises AccessError: when one of the two is not readable
        :raises UserError: when they were merged
        """
        self.ensure_one()
        self._check_reviewer()
        if not self.other_id:
            raise UserError(self.env._("The two are one by now."))
        both = [self.one_id, self.other_id]
        rows = self._review_rows(both)
        sides = [self._side(partner, rows, at) for at, partner in enumerate(both)]
        return {
            "id": self.id,
            "score": self.score,
            "is_sure": self.is_sure,
            "state": self.state,
            "reasons": self.reason_words,
            "rows": rows,
            "sides": [side._asdict() for side in sides],
            "suggested": self._suggested(sides),
        }

    @api.model
    def _review_rows(self, both) -> list[dict]:
        """Return what is known of at least one of the two."""
        # only fields that the person may see have a description
        known = both[0].fields_get(ROWS, ["string"])
        known["user_id"] = {"string": self.env._("Owner")}
        choosable = self._choosable()
        rows = []
        for name in ROWS:
            if name not in known:
                continue
            values = [self._in_words(partner, name) for partner in both]
            if any(values):
                rows.append(
                    {
                        "name": name,
                        "label": known[name]["string"],
                        "values": values,
                        "differs": values[0] != values[1],
                        "may_be_chosen": name in choosable and all(values),
                    }
                )
        return rows

    @api.model
    def _in_words(self, partner, name: str) -> str:
        field, value = partner._fields[name], partner[name]
        if not value:
            return ""
        if field.type in ("many2one", "many2many"):
            return " · ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "datetime":
            return format_date(self.env, value)
        return " · ".join(str(value).splitlines())

    def _side(self, partner, rows: list[dict], at: int) -> Side:
        headline = partner.get_customer_headline()
        return Side(
            id=partner.id,
            name=partner.display_name,
            filled=sum(
                bool(row["values"][at]) for row in rows if row["name"] not in _GIVEN
            ),
            newer=partner.create_date
            > (self.one_id + self.other_id - partner).create_date,
            may_be_changed=partner.may_be_changed,
            facts=[
                {"key": fact["key"], "label": fact["label"], "value": fact["value"]}
                for fact in headline["facts"]
            ],
            counts=[
                {key: section[key] for key in ("key", "label", "icon", "count")}
                for section in partner.get_customer_360()
                if section["count"]
            ],
        )

    @api.model
    def _suggested(self, sides: list[Side]) -> int:
        """Return who is to stay unless the person says otherwise: with whom there is
        more business, of whom more is known, who was there first."""
        best = max(
            sides,
            key=lambda side: (
                sum(one["count"] for one in side.counts),
                side.filled,
                -side.id,
            ),
        )
        return best.id
