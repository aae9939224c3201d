from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.crm_followup.models.res_partner import READERS


class CrmServiceTicket(models.Model):
    """What sales and service say to each other about a customer: the agent reads the
    follow-ups beside the ticket and asks the owner for one, but writes none.

    See docs/adr/0017-agents-ask-for-follow-ups.md.
    """

    _inherit = "crm.service.ticket"

    customer_followup_ids = fields.One2many(
        related="customer_id.followup_ids",
        related_sudo=False,
        string="Follow-ups of the Customer",
        groups=READERS,
    )
    customer_last_contact = fields.Date(
        related="customer_id.last_contact_date",
        related_sudo=False,
        string="Last Contact by Sales",
        groups=READERS,
    )
    owner_activity_id = fields.Many2one(
        "mail.activity",
        "Request to the Owner",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    owner_request_state = fields.Selection(
        [("open", "Asked"), ("done", "Answered")],
        "Owner's Follow-up",
        compute="_compute_owner_request",
        compute_sudo=True,
    )
    owner_request = fields.Text(
        "Asked of the Owner", compute="_compute_owner_request", compute_sudo=True
    )

    @api.depends("owner_activity_id.active", "owner_activity_id.date_deadline")
    @api.depends_context("lang", "tz")
    def _compute_owner_request(self):
        """Compute as superuser: who reads the ticket may know what became of it."""
        for ticket in self:
            activity = ticket.owner_activity_id
            if not activity:
                ticket.owner_request_state = ticket.owner_request = False
                continue
            ticket.owner_request_state = "open" if activity.active else "done"
            ticket.owner_request = ticket._owner_request_sentence(activity)

    def _owner_request_sentence(self, activity) -> str:
        words = {
            "person": activity.user_id.name,
            "words": activity.summary or "",
            "answer": activity.feedback or self.env._("done"),
        }
        if activity.active:
            return self.env._(
                "%(person)s was asked to follow up by %(day)s: %(words)s",
                day=format_date(self.env, activity.date_deadline),
                **words,
            )
        return self.env._(
            "%(person)s was asked “%(words)s” and answered on %(day)s: %(answer)s",
            day=format_date(self.env, activity.date_done),
            **words,
        )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"owner_activity_id"}

    # ------------------------------------------------------------
    # ASK THE OWNER
    # ------------------------------------------------------------

    def action_ask_owner(self):
        """Open the dialog in which the agent writes one line to the owner.

        :raises UserError: see ``_owner_to_ask``; before anything was typed
        """
        self._owner_to_ask()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_followup_service_ticket.action_owner_request"
        )
        return {**action, "context": {"default_ticket_id": self.id}}

    def _owner_to_ask(self):
        """Who follows up the customer: its owner, else the leader of its team.

        :return: an active user
        :raises AccessError: for who may not work on the ticket
        :raises UserError: when there is nobody to ask, or was asked already
        """
        self.ensure_one()
        self.check_access("write")
        if not self.customer_id:
            raise UserError(
                self.env._("Choose the customer first: its owner is who gets asked.")
            )
        if self.owner_request_state == "open":
            raise UserError(
                self.env._(
                    "The owner has been asked already and has not answered yet.\n"
                    "%(request)s",
                    request=self.owner_request,
                )
            )
        # sudo: the team of the customer; the person asked is named to the agent
        person = self.sudo().customer_id._followup_owner()
        if not person:
            raise UserError(
                self.env._(
                    "%(customer)s has neither an owner nor a team with a leader, so "
                    "nobody would get this. Ask a sales manager to give the customer "
                    "to somebody, or make a lead from the ticket.",
                    customer=self.customer_id.display_name,
                )
            )
        return person.with_env(self.env)

    def _ask_owner(self, words: str, day):
        """Plan an activity on the customer for its owner.

        Once per ticket while it is open: who comes second at the same moment waits
        for the ticket's row and then starts anew, as Odoo does with every conflict.

        :param words: what the owner is to do, one line
        :param day: until when, a date
        :return: the activity
        :raises AccessError, UserError: see ``_owner_to_ask``
        """
        self._wait_for_row()
        person = self._owner_to_ask()
        vals = self._prepare_owner_activity(person, words, day)
        # sudo: agents read customers, and work on the ticket, which was checked
        activity = self.env["mail.activity"].sudo().create(vals)
        self.sudo().owner_activity_id = activity  # sudo: its system field
        name = person.sudo().name  # sudo: the name of a colleague
        line = self.env._("Asked %(person)s to follow up", person=name)
        self._message_log(body=Markup("<p><b>%s</b></p><p>%s</p>") % (line, words))
        return activity

    def _wait_for_row(self):
        """Let who comes second at the same moment wait here, not at whatever the
        activity writes first."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM crm_service_ticket WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )

    def _prepare_owner_activity(self, person, words: str, day) -> dict:
        # sudo: the language of a colleague
        reader = self.with_context(lang=person.sudo().lang)
        link = Markup("<a href='%s' data-oe-model='%s' data-oe-id='%s'>%s</a>") % (
            self._notify_get_action_link("view"),
            self._name,
            self.id,
            self.display_name,
        )
        asked = reader.env._("%(agent)s asks in ticket", agent=self.env.user.name)
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.customer_id.id,
            "activity_type_id": self.env.ref(
                "crm_followup_service_ticket.mail_activity_type_asked"
            ).id,
            "summary": f"{self.number} {words}",
            "note": Markup("<p>%s</p><p>%s %s</p>") % (words, asked, link),
            "user_id": person.id,
            "date_deadline": day,
            # or the next step of the owner's own would take it over
            "automated": True,
        }
