from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_timeline import (
    Cover,
    TimelineKind,
    TimelineLine,
    TimelineSource,
)
from odoo.addons.crm_customer_center.tools.timeline import excerpt

# scores of a customer who is to be called
LOW, HIGH = 2, 4


class ResPartner(models.Model):
    """Tickets, scores and what was written on tickets, on the customer's timeline."""

    _inherit = "res.partner"

    @api.model
    def _customer_timeline_kinds(self):
        return super()._customer_timeline_kinds() + [
            TimelineKind(
                "ticket",
                self.env._("Tickets"),
                "fa-life-ring",
                tone="red",
                sequence=35,
            ),
            TimelineKind(
                "rating",
                self.env._("Satisfaction"),
                "fa-smile-o",
                tone="purple",
                sequence=60,
            ),
        ]

    def _customer_timeline_threads(self):
        threads = super()._customer_timeline_threads()
        return threads | {"crm.service.ticket": self._timeline_tickets()}

    def _timeline_tickets(self) -> Domain:
        return self._customer_family("partner_id", "customer_id")

    def _customer_timeline_sources(self):
        shared = {
            "kind": "ticket",
            "model": "crm.service.ticket",
            "text": ("name", "number"),
        }
        sources = super()._customer_timeline_sources() + [
            TimelineSource(
                key="tickets_opened",
                moment="create_date",
                domain=self._timeline_tickets(),
                fields=("number", "name", "type_id", "priority", "partner_id"),
                render=self._render_opened_tickets,
                person="partner_id",
                sequence=65,
                covers=(Cover("mails", "description_message_id"),),
                **shared,
            ),
            TimelineSource(
                key="tickets_resolved",
                moment="resolved_date",
                domain=self._timeline_tickets() & Domain("merged_into_id", "=", False),
                fields=("number", "name", "user_id"),
                render=self._render_resolved_tickets,
                person="user_id",
                sequence=25,
                **shared,
            ),
        ]
        if self.env["crm.service.ticket"].has_access("read"):
            sources.append(self._timeline_score_source())
        return sources

    def _timeline_score_source(self) -> TimelineSource:
        """Scores of the tickets that the reader may read."""
        tickets = self.env["crm.service.ticket"].with_context(active_test=False)
        return TimelineSource(
            key="scores",
            kind="rating",
            model="rating.rating",
            moment="create_date",
            domain=Domain("res_model", "=", tickets._name)
            & Domain("consumed", "=", True)
            & Domain("res_id", "in", tickets._search(self._timeline_tickets())),
            fields=("rating", "feedback", "partner_id", "res_id"),
            render=self._render_scores,
            person="partner_id",
            text=("feedback",),
            sequence=22,
            covers=(
                Cover("mails", "message_id"),
                Cover("changes", "message_id"),
            ),
        )

    def _render_opened_tickets(self, tickets):
        for ticket in tickets:
            yield TimelineLine(
                self.env._(
                    "Ticket %(number)s: %(type)s",
                    number=ticket.number,
                    type=ticket.type_id.display_name,
                ),
                text=ticket.name,
                person=ticket.partner_id,
                badge=self.env._("Urgent") if ticket.priority == "2" else "",
            )

    def _render_resolved_tickets(self, tickets):
        for ticket in tickets:
            yield TimelineLine(
                self.env._("Ticket %(number)s resolved", number=ticket.number),
                text=ticket.name,
                person=ticket.user_id,
                tone="green",
                icon="fa-check",
            )

    def _render_scores(self, ratings):
        tickets = self.env["crm.service.ticket"]
        for rating in ratings:
            score = round(rating.rating)
            ticket = tickets.browse(rating.res_id)
            yield TimelineLine(
                "★" * score + "☆" * (5 - score),
                text=excerpt(rating.feedback or ""),
                person=rating.partner_id,
                about=ticket,
                opens=ticket,
                tone="green" if score >= HIGH else "red" if score <= LOW else "",
                icon="fa-smile-o"
                if score >= HIGH
                else "fa-frown-o"
                if score <= LOW
                else "fa-meh-o",
            )
