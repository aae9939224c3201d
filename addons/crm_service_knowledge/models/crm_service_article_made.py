from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.crm_customer_center.tools.duplicate_keys import without_legal_form
from odoo.addons.crm_customer_center.tools.search_keys import fold
from odoo.addons.crm_service_ticket.models.crm_service_ticket_solution import (
    proposed_solution,
)
from odoo.addons.crm_service_ticket.tools import mail_html

from ..tools.persons import clean_html, clean_line


class CrmServiceArticle(models.Model):
    """An article out of a ticket: title, question and solution without the customer."""

    _inherit = "crm.service.article"

    @api.model
    def _act_make(self, tickets):
        """Open the article of a ticket; the first time it is made.

        :return: an action
        """
        ticket = tickets[:1]._living()
        # two agents at once: the second finds what the first has made
        ticket._take_turn_to_change()
        article = self._of_tickets(ticket) or self._make(ticket)
        return article[:1]._open()

    @api.model
    def _act_open(self, tickets):
        """Open what was made of tickets: the article, or the list of them.

        :return: an action
        """
        articles = self._of_tickets(tickets)
        if len(articles) == 1:
            return articles._open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Help Articles"),
            "res_model": self._name,
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", articles.ids)],
        }

    @api.model
    def _of_tickets(self, tickets):
        """The articles about tickets that the user may read.

        :raises UserError: when there is one that he may not
        """
        about = [("ticket_ids", "in", tickets.ids)]
        found = self.search(about)
        # sudo: only whether there is one
        if not found and self.sudo().search_count(about, limit=1):
            raise UserError(
                self.env._("Another team is writing an article about this already.")
            )
        return found

    @api.model
    def _make(self, ticket):
        names = [*self._names_of(ticket), *self._given_names(ticket)]
        marks = self._marks()
        question = clean_html(str(ticket.description or ""), names, marks)
        solution = clean_html(str(proposed_solution(ticket) or ""), names, marks)
        parts = [
            (self.env._("Question"), question.text),
            (self.env._("Solution"), solution.text),
        ]
        return self.create(
            {
                "name": clean_line(ticket.name, names, marks).text,
                # the parts are cleaned there, and sanitised when they are written
                "body": Markup().join(
                    Markup("<h3>%s</h3>%s") % (title, Markup(text))
                    for title, text in parts
                    if text
                ),
                "team_id": ticket.team_id.id,
                "type_id": ticket.type_id.id,
                "tag_ids": ticket.tag_ids.ids,
                "company_id": ticket.company_id.id,
                "ticket_ids": ticket.ids,
            }
        )

    @api.model
    def _marks(self):
        """What stands where something was taken out, by kind."""
        return {
            "name": self.env._("[the customer]"),
            "person": self.env._("[a person]"),
            "email": self.env._("[e-mail]"),
            "phone": self.env._("[phone]"),
            "number": self.env._("[number]"),
            "account": self.env._("[account]"),
            "link": self.env._("[link]"),
        }

    @api.model
    def _names_of(self, tickets):
        """What the customers of tickets are called, and how they are reached."""
        names = []
        # sudo: compared with a text, never shown
        for ticket in tickets.sudo():
            partners = ticket.partner_id | ticket.partner_id.commercial_partner_id
            names += [ticket.number, ticket.equipment_id.serial]
            names += [ticket.partner_name, ticket.partner_email]
            names += partners.mapped("email")
            for name in partners.mapped("name"):
                names += [name, without_legal_form(fold(name or ""))]
            for phone in (ticket.partner_phone, *partners.mapped("phone")):
                names += [phone, (phone or "").removeprefix("+86")]
        return [name for name in names if name]

    @api.model
    def _given_names(self, ticket):
        """The parts of a person's name. Some are ordinary words: they are marked in a
        draft, which is read once more, and forbid nothing."""
        # sudo: compared with a text, never shown
        partner = ticket.sudo().partner_id
        return [] if partner.is_company else (partner.name or "").split()

    def _shown_text(self):
        """The words of the text."""
        return mail_html.text_of(str(self.body or ""))

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }
