from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_customer_center.models.res_partner import LIFECYCLE_STATES
from odoo.addons.crm_suite_base.calls import shaped

LONGEST_WHY = 500


class CrmConflictAnswer(models.Model):
    """One customer that somebody was told of without seeing it, and the talk with its
    owner that may follow.

    Grain: one row a question and customer. It is called by what was asked for, never by
    the customer's name; which customer it is, is read by who may read that.
    """

    _name = "crm.conflict.answer"
    _inherit = ("mail.thread", "mail.activity.mixin")
    _description = "Customer Somebody Was Told Of"
    _order = "id desc"
    _link_gate = True
    _system_records = True
    _rec_name = "asked"
    # asker and owner talk; nobody changes what was told
    _mail_post_access = "read"

    query_id = fields.Many2one(
        "crm.conflict.query", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    user_id = fields.Many2one(
        related="query_id.user_id", string="Asked By", store=True, index=True
    )
    company_id = fields.Many2one(related="query_id.company_id", store=True, index=True)
    asked = fields.Char(related="query_id.asked", string="Asked For", store=True)
    purpose = fields.Selection(related="query_id.purpose", string="Why")
    # told
    found_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="set null",
        groups=fields.NO_ACCESS, copy=False,
    )  # fmt: skip
    customer_id = fields.Many2one(
        "res.partner", compute="_compute_customer_id", compute_sudo=False,
        help="Shown to who may see the customer.",
    )  # fmt: skip
    owner_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    lifecycle_state = fields.Selection(LIFECYCLE_STATES, "Lifecycle", readonly=True)
    owned_since = fields.Datetime("Owner Since", readonly=True)
    # the talk
    asked_of_id = fields.Many2one(
        "res.users", "Owner Asked", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    asked_on = fields.Date(readonly=True)

    @api.model
    def _system_fields_advice(self):
        return self.env._("Answers stay as they were given; write a message instead.")

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("query_id")
    def _compute_customer_id(self):
        for answer in self:
            # sudo: which customer it is; shown if the reader may read it
            partner = answer.sudo().found_id.with_env(self.env)
            answer.customer_id = partner._filtered_access("read")

    # ------------------------------------------------------------
    # ASK THE OWNER
    # ------------------------------------------------------------

    @shaped
    def ask_owner(self, why: str):
        """Ask who looks after the customer to get in touch; once a day and customer.

        :param why: what the owner reads
        :return: words for the screen
        :raises UserError: when it was asked today, or there is nobody to ask
        """
        answer = self._own_answer()
        words = " ".join(why.split())[:LONGEST_WHY]
        if not words:
            raise UserError(self.env._("Write what you want to know."))
        # of two at the same moment the second waits and looks again
        self.env["crm.conflict.count"]._take_turn()
        today = self.env.company._today()
        if answer._asked_today(today):
            raise UserError(
                self.env._("You have asked about this customer today already.")
            )
        owner = self._whom_to_ask(answer.found_id)
        if not owner:
            raise UserError(self.env._("There is nobody to ask: it has no owner."))
        answer.write({"asked_of_id": owner.id, "asked_on": today})
        answer._tell_owner(owner, words)
        return self.env._("%(person)s was asked.", person=owner.name)

    def _own_answer(self):
        """Return the answer as the system's, if it was given to the caller.

        :raises AccessError: otherwise
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: whose answer it is was asked for; the caller is not told which customer
        answer = self.sudo()
        if answer.user_id != self.env.user:
            raise AccessError(self.env._("Somebody else has asked this."))
        if not answer.found_id:
            raise UserError(self.env._("This customer is not there any more."))
        return answer

    def _asked_today(self, today) -> bool:
        """Return whether its asker has asked about the customer today, whichever answer
        it was about."""
        return bool(
            self.search_count(
                [
                    ("user_id", "=", self.user_id.id),
                    ("found_id", "=", self.found_id.id),
                    ("asked_on", "=", today),
                ],
                limit=1,
            )
        )

    @api.model
    def _whom_to_ask(self, partner):
        """Hook: whose answer counts for a customer: its owner, else the leader of its
        team.

        :param partner: as the system
        """
        people = (partner.customer_owner_id, partner.team_id.user_id)
        return next((one for one in people if one.active), partner.user_id.browse())

    def _tell_owner(self, owner, words: str):
        """Let the owner know, by message and as something to do; from here on the two
        talk on the answer."""
        asker = self.user_id
        lang = owner.lang or self.env.lang
        # the system plans it: who plans an activity may change it
        system = self.with_user(SUPERUSER_ID).with_context(  # sudo: of the own answer
            lang=lang, mail_activity_quick_update=True
        )
        system.message_subscribe(
            (owner | asker).partner_id.ids,
            [
                system.env.ref("mail.mt_comment").id,
                system.env.ref("mail.mt_activities").id,
            ],
        )
        sentence = system.env._(
            "%(person)s asks about a customer of yours (%(asked)s)",
            person=asker.name,
            asked=self.asked,
        )
        system.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=sentence,
            note=Markup("<p>%s</p>") % words,
            user_id=owner.id,
        )
        system.message_post(
            body=Markup("<p>%s</p><p>%s</p>") % (sentence, words),
            author_id=asker.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
