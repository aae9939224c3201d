from odoo import fields, models
from odoo.exceptions import UserError

from .crm_service_merge import MOVED_MESSAGES
from .crm_service_ticket_state import starts_with_a_question


class CrmServiceTicket(models.Model):
    """Merging, splitting, moving what landed in the wrong ticket, linking."""

    _inherit = "crm.service.ticket"

    merge_ids = fields.One2many("crm.service.merge", "target_id", "Merged In")

    def action_merge(self):
        """Ask which ticket the others go into."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_merge_wizard"
        )
        return {**action, "context": {"default_ticket_ids": self.ids}}

    def action_undo_merge(self):
        """Take the ticket out of the one it was merged into."""
        self.ensure_one()
        self.check_access("write")
        # sudo: where the line leads is only locked; what is written is checked below
        self.sudo()._line_of_merges()._take_turn()
        merge = (
            self.env["crm.service.merge"]
            .sudo()  # sudo: of a ticket the user may change; the other: see below
            .search([("source_id", "=", self.id), ("undone", "=", False)], limit=1)
        )
        if not merge:
            raise UserError(self.env._("This ticket is not merged into another."))
        merge.target_id.with_env(self.env).check_access("write")
        merge._undo()

    def action_move_messages(self):
        """Ask which messages go to which ticket: another one, or a new one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_move_wizard"
        )
        return {**action, "context": {"default_ticket_id": self.id}}

    def _move_messages(self, messages, target):
        """Move messages with their files to another ticket.

        The row of incoming mail goes along, so that it says where the mail is now.

        :raises UserError: for a message that is not of this ticket, or no word of
            the customer or of ours
        """
        self.ensure_one()
        (self | target)._take_turn()
        messages.invalidate_recordset(["res_id"])
        target._check_not_merged()
        wrong = messages.filtered(
            lambda m: (
                m.model != self._name
                or m.res_id != self.id
                or m.message_type not in MOVED_MESSAGES
            )
        )
        if wrong or not messages:
            raise UserError(self.env._("Choose messages of this ticket to move."))
        asked = self.awaiting_answer and messages.filtered(
            lambda message: not self._is_ours(message.author_id)
        )
        messages.write({"res_id": target.id, "parent_id": False})
        messages.attachment_ids.filtered(
            lambda file: file.res_model == self._name and file.res_id == self.id
        ).write({"res_id": target.id})
        mails = self.incoming_mail_ids.filtered(
            lambda mail: mail.message_id in messages.mapped("message_id")
        )
        mails.write({"ticket_id": target.id})
        (self | target).invalidate_recordset(["message_ids"])
        if asked:
            self._settle_last_word()
            if not target.awaiting_answer:
                target._customer_spoke(asked[:1])
        self._message_log(
            body=self.env._("Messages moved to %s", target._get_html_link())
        )
        target._message_log(
            body=self.env._("Messages moved here from %s", self._get_html_link())
        )

    def _settle_last_word(self):
        """Who has the last word after words of the customer went elsewhere."""
        self.ensure_one()
        last = self.message_ids.filtered(self._is_spoken)[:1]
        is_asked = self._is_asked()
        self.write({"last_message_date": last.date, "awaiting_answer": is_asked})
        if not is_asked:
            self._question_left()

    def _is_asked(self) -> bool:
        """Whether the customer has the last word."""
        self.ensure_one()
        last = self.message_ids.filtered(self._is_spoken)[:1]
        if not last:
            return starts_with_a_question(self)
        return not self._is_ours(last.author_id)

    def _question_left(self):
        """What waited for our answer is in another ticket now.

        A module that watches answers (the SLA clock) extends this.
        """

    def _customer_names(self) -> list[str]:
        """Whose tickets these are: companies, and the addresses of strangers."""
        names = {
            ticket.customer_id.id or ticket.email_normalized or "": (
                ticket.customer_id.name
                or ticket.partner_name
                or ticket.partner_email
                or self.env._("unknown")
            )
            for ticket in self
        }
        return list(names.values())

    def _prepare_split_vals(self, name):
        """Values of the ticket that is split off this one."""
        self.ensure_one()
        return {
            "name": name,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name,
            "partner_email": self.partner_email,
            "partner_phone": self.partner_phone,
            "type_id": self.type_id.id,
            "equipment_id": self.equipment_id.id,
            "priority": self.priority,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
            "channel": self.channel,
            "tag_ids": [(6, 0, self.tag_ids.ids)],
        }
