from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_timeline import (
    Cover,
    TimelineKind,
    TimelineLine,
    TimelineSource,
)
from odoo.addons.crm_customer_center.tools.timeline import excerpt

ICONS = {
    "phone": "fa-phone",
    "visit": "fa-car",
    "email": "fa-envelope-o",
    "im": "fa-weixin",
    "other": "fa-comments-o",
}


class ResPartner(models.Model):
    """Follow-ups on the customer's timeline. One that was made of a mail, an activity
    or a meeting stands for it."""

    _inherit = "res.partner"

    @api.model
    def _customer_timeline_kinds(self):
        return super()._customer_timeline_kinds() + [
            TimelineKind(
                "followup",
                self.env._("Follow-ups"),
                "fa-comments-o",
                tone="green",
                sequence=10,
            )
        ]

    def _customer_timeline_sources(self):
        return super()._customer_timeline_sources() + [
            TimelineSource(
                key="followups",
                kind="followup",
                model="crm.followup",
                moment="date",
                domain=self._customer_family("partner_id", "customer_id"),
                fields=(
                    "method",
                    "contact_id",
                    "content",
                    "feedback",
                    "comments",
                    "user_id",
                    "lead_id",
                ),
                render=self._render_followups,
                person="user_id",
                text=("content", "feedback", "comments", "next_plan"),
                sequence=20,
                covers=(
                    Cover("mails", "source_id", self._made_of("mail.message")),
                    Cover("meetings", "source_id", self._made_of("calendar.event")),
                    Cover("activities", "message_id"),
                ),
            )
        ]

    @api.model
    def _made_of(self, model: str) -> Domain:
        return Domain("source_model", "=", model)

    def _render_followups(self, followups):
        methods = dict(followups._fields["method"]._description_selection(self.env))
        for followup in followups:
            said = excerpt(followup.content or "")
            answer = excerpt(followup.feedback or "")
            # sudo: the name of the person spoken to stands on the follow-up
            contact = followup.sudo().contact_id.name
            yield TimelineLine(
                " · ".join(filter(None, (methods[followup.method], contact))),
                text="\n".join(
                    filter(None, (said, answer and f"“{answer}”", followup.comments))
                ),
                person=followup.user_id,
                about=followup.lead_id,
                icon=ICONS[followup.method],
            )
