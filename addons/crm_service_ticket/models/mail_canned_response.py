from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.mail.tools.discuss import Store

from ..tools import placeholders


class MailCannedResponse(models.Model):
    """A canned answer of the service: with words the ticket fills in, with files, and
    with what becomes of the ticket when it is sent."""

    _inherit = "mail.canned.response"
    _link_gate = True

    service_team_ids = fields.Many2many(
        "crm.service.team",
        "mail_canned_response_service_team_rel",
        string="Service Teams",
        help="Stands first for tickets of these teams, and last for those of others.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "mail_canned_response_attachment_rel",
        string="Files",
        bypass_search_access=True,
        help="Go with the answer.",
    )
    ticket_state = fields.Selection(
        [("waiting", "Wait for the customer"), ("resolved", "Resolve")],
        "Afterwards",
        help="What becomes of a ticket when the answer is sent.",
    )
    ticket_type_id = fields.Many2one(
        "crm.service.ticket.type",
        "Set Type",
        index="btree_not_null",
        ondelete="restrict",
    )
    ticket_team_id = fields.Many2one(
        "crm.service.team", "Move to Team", index="btree_not_null", ondelete="set null"
    )
    ticket_tag_ids = fields.Many2many(
        "crm.tag", "mail_canned_response_ticket_tag_rel", string="Add Tags"
    )

    @api.constrains("substitution")
    def _check_placeholders(self):
        for response in self:
            if wrong := self._unknown_words(response.substitution):
                raise ValidationError(wrong)

    @api.model
    def _unknown_words(self, text) -> str:
        """A sentence about placeholders for which there is nothing to fill in, '' where
        all are known."""
        names = placeholders.unknown(text or "")
        if not names:
            return ""
        return self.env._(
            "Nothing can be filled in for %(wrong)s. There are: %(known)s.",
            wrong=self._in_braces(names),
            known=self._in_braces(placeholders.NAMES),
        )

    @api.model
    def _in_braces(self, names) -> str:
        return self.env._(", ").join(f"{{{name}}}" for name in names)

    @api.model_create_multi
    def create(self, vals_list):
        responses = super().create(vals_list)
        responses._own_files()
        return responses

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_files()
        return result

    def _own_files(self):
        """Files belong to the answer: who reads it reads them."""
        for response in self:
            mine = response.attachment_ids.filtered(
                lambda file: (
                    file.res_model in (False, self._name)
                    and not file.res_id
                    and file.create_uid == self.env.user
                )
            )
            if mine:
                mine.write({"res_model": self._name, "res_id": response.id})

    def _to_store_defaults(self, target):
        return [
            *super()._to_store_defaults(target),
            Store.Attr(
                "serviceTeamIds", lambda response: response.service_team_ids.ids
            ),
        ]

    # ------------------------------------------------------------
    # FOR A TICKET
    # ------------------------------------------------------------

    @shaped
    def fill_for_ticket(self, ticket_id: int) -> dict:
        """Give the composer of a ticket this answer.

        :return: ``text``; ``files``, ids of copies for the message, with ``store_data``
            about them; ``moves``, what will be done, in words
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.env["crm.service.ticket"].browse(ticket_id)
        ticket.check_access("read")
        files = self._files_for_composer()
        store = Store().add(files, extra_fields=files._get_store_ownership_fields())
        return {
            "text": placeholders.filled(self.substitution, self._words_of(ticket)),
            "files": files.ids,
            "store_data": store.get_result(),
            "moves": self._moves_in_words(),
        }

    @api.model
    def _words_of(self, ticket) -> dict[str, str]:
        """What stands for each placeholder of ``tools/placeholders.py``."""
        return {
            "customer": ticket.partner_id.name or ticket.partner_name or "",
            "ticket": ticket.number,
            "subject": ticket.name,
            "agent": self.env.user.name,
            "team": ticket.team_id.name or "",
            "promised": self._promised_time(ticket),
        }

    @api.model
    def _promised_time(self, ticket) -> str:
        """When the customer hears of us, for a sentence.

        A module that knows more (the SLA clock) extends this.
        """
        return self.env._("as soon as possible")

    @api.model
    def _put_in(self, ids):
        """The answers that a call names; one that was deleted meanwhile does nothing.

        :raises UserError: for what is no list of numbers
        """
        if not isinstance(ids, (list, tuple)) or any(type(i) is not int for i in ids):
            raise UserError(self.env._("These are no canned answers."))
        responses = self.browse(ids).exists()
        responses.check_access("read")
        return responses

    def _files_for_composer(self):
        """Copies of the files, as if the user had just chosen them."""
        files = self.env["ir.attachment"]
        # only the user reads and writes what belongs to nothing yet
        pending = {"res_model": "mail.compose.message", "res_id": 0}
        for file in self.attachment_ids:
            files |= file.copy(pending)
        return files

    def _ticket_values(self) -> dict:
        """What the answers set in a ticket; of two that set the same, the later."""
        values, tags = {}, self.ticket_tag_ids
        for response in self:
            if response.ticket_type_id:
                values["type_id"] = response.ticket_type_id.id
            if response.ticket_team_id:
                values["team_id"] = response.ticket_team_id.id
        if tags:
            values["tag_ids"] = [Command.link(tag.id) for tag in tags]
        return values

    def _ticket_state_after(self):
        """The state the answers leave a ticket in, if they say one."""
        states = [state for state in self.mapped("ticket_state") if state]
        return states[-1] if states else None

    def _moves_in_words(self) -> list[str]:
        """What is done when the answer is sent, for the composer."""
        self.ensure_one()
        states = self.fields_get(["ticket_state"], ["selection"])["ticket_state"]
        words = [
            dict(states["selection"]).get(self.ticket_state),
            self.ticket_type_id.name,
            self.ticket_team_id.name,
            *self.ticket_tag_ids.mapped("name"),
        ]
        return [word for word in words if word]
