from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.crm_suite_base.tools.token import Token

REVIEWERS = "crm_customer_center.group_team_manager"
LONGEST_REASON = 500
#: names of fields whose value the one that goes hands over, instead of losing it
TAKEN = Token("crm_customer_taken")
# of which one of two values holds; names before and tags are those of both, and code
# and state have a history
CHOSEN = (
    "name", "vat", "id_number", "ref", "phone", "email", "website", "street", "city",
    "user_id", "customer_level_id", "industry_id", "customer_source_id",
)  # fmt: skip


class CrmCustomerPair(models.Model):
    """What a person decides of a pair: once, whoever else looks at it."""

    _inherit = "crm.customer.pair"

    @shaped
    def say_different(self, reason: str):
        """Note that these are two customers, for whoever compares them from now on.

        :raises UserError: when it is decided already
        """
        pair = self._take()
        pair.write(
            {
                **pair._decided("different"),
                "decision_reason": " ".join(reason.split())[:LONGEST_REASON],
            }
        )

    def put_off(self):
        """Let others come first."""
        self._take().later_date = fields.Datetime.now()

    def action_reopen(self):
        """Take back that these are two."""
        self._check_reviewer()
        for pair in self:
            if pair.state != "different":
                raise UserError(self.env._("Only “not the same” can be taken back."))
        # sudo: the system's rows; who may decide was asked
        own = self.sudo()
        own.lock_for_update()
        own.write(
            {
                "state": "open",
                "decided_by_id": False,
                "decided_date": False,
                "decision_reason": False,
            }
        )

    @shaped
    def merge_into(self, keep_id: int, taken: list[str] = ()):
        """Merge the two, so that one of them stays.

        :param keep_id: the customer that stays
        :param taken: fields of ``CHOSEN`` of which the value of the other one holds; of
            the rest it holds where the one that stays says nothing
        :raises AccessError: when the person may not merge contacts or change one of
            the two
        :raises UserError: when it is decided already, or a field cannot be chosen
        """
        if not set(taken) <= self._choosable():
            raise UserError(self.env._("This value cannot be chosen."))
        pair = self._take()
        both = (self.one_id | self.other_id).sorted("id")
        kept = both.filtered(lambda partner: partner.id == keep_id)
        if not kept:
            raise UserError(self.env._("Choose which of the two customers stays."))
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard.check_access("create")
        both.check_access("write")
        pair.flush_recordset()
        # a person has seen both, so that other addresses are no reason to refuse
        TAKEN.on(wizard, tuple(taken))._merge(both.ids, kept, extra_checks=False)

    @api.model
    def _choosable(self) -> set[str]:
        """Return the fields of which the person may choose a value: of others he sees
        none."""
        return set(self.env["res.partner"].fields_get(CHOSEN, ["type"]))

    # ------------------------------------------------------------
    # WHO, AND ONCE
    # ------------------------------------------------------------

    def _take(self):
        """Return the pair as the system's, locked, if it may be decided.

        :raises AccessError: for who does not review, or may not read both customers
        :raises UserError: when somebody was faster
        """
        self.ensure_one()
        self._check_reviewer()
        # sudo: the system's rows; who may decide was asked
        pair = self.sudo()
        if not pair.try_lock_for_update():
            raise UserError(
                self.env._("Somebody else is deciding on this pair right now.")
            )
        pair.invalidate_recordset(["state", "decided_by_id"])
        if pair.state != "open":
            raise UserError(
                self.env._(
                    "%(person)s has decided on this pair already.",
                    person=pair.decided_by_id.name or self.env._("Somebody"),
                )
            )
        return pair

    def _check_reviewer(self):
        if not self.env.user.has_group(REVIEWERS):
            raise AccessError(
                self.env._("Team managers and administrators review doubles.")
            )
        self.check_access("read")
        (self.one_id | self.other_id).check_access("read")

    @api.model
    def _decided(self, state: str) -> dict:
        return {
            "state": state,
            "decided_by_id": self.env.uid,
            "decided_date": fields.Datetime.now(),
            "later_date": False,
        }
