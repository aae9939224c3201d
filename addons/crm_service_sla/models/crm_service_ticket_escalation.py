from odoo import models

LADDER = ("agent", "technician", "management")


class CrmServiceTicket(models.Model):
    """Handing up by the clock (V3)."""

    _inherit = "crm.service.ticket"

    def _sla_escalate(self, event):
        """Hand the ticket to the next level because a policy says so.

        A ticket at the top stays where it is.
        """
        self.ensure_one()
        above = LADDER[LADDER.index(self.level) + 1 :]
        if not above:
            return
        lang = self.team_id.user_id.lang or self.env.company.partner_id.lang
        self._escalate(above[0], event.with_context(lang=lang)._hand_up_note(), "clock")
