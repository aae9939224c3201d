from odoo import SUPERUSER_ID, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_timeline import (
    TimelineLine,
    TimelineSource,
)


class ResPartner(models.Model):
    """Tags on the customer's timeline: when each was put on, by whom and why."""

    _inherit = "res.partner"

    def _customer_timeline_sources(self):
        """Nobody may read reasons as such; who reads the customer reads why."""
        readable = self.with_context(active_test=False)._search(
            self._customer_family("id")
        )
        return super()._customer_timeline_sources() + [
            TimelineSource(
                key="tags",
                kind="change",
                model="crm.partner.tag.reason",
                moment="date",
                domain=Domain("record_id", "in", readable),
                fields=("record_id", "tag_id", "kind", "rule_id", "user_id", "lead_id"),
                render=self._render_tags,
                person="user_id",
                sequence=80,
                by_domain=True,
            )
        ]

    def _render_tags(self, reasons):
        """What people say of a customer is news; what rules, imports and installations
        say is folded away."""
        for reason in reasons:
            by_person = reason.kind == "person" and reason.user_id.id != SUPERUSER_ID
            yield TimelineLine(
                self.env._("Tag “%(tag)s”", tag=reason.tag_id.display_name),
                text=reason._why(),
                person=reason.user_id,
                about=reason.record_id,
                opens=reason.record_id,
                icon="fa-tag",
                noise=not by_person,
            )
