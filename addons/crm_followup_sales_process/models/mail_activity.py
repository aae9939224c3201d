from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """The reminder of a request for approval ends with the decision: finished by
    anything else, the deal would stay locked and nobody be reminded."""

    _inherit = "mail.activity"

    def _approval_reminders(self):
        kind = self.env.ref("crm_sales_process.activity_approval")
        return self.filtered(lambda one: one.activity_type_id == kind)

    def _answered_by_followup(self):
        return super()._answered_by_followup() - self._approval_reminders()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._check_no_request_waits()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_request_waits(self):
        if not self.env.su:
            self._check_no_request_waits()

    def _check_no_request_waits(self):
        """:raise UserError: when one of these reminds of what is not decided yet"""
        reminders = self._approval_reminders().filtered("active")
        # sudo: whether the deal waits, for who is reminded of it
        leads = self.env["crm.lead"].sudo().browse(reminders.mapped("res_id")).exists()
        for lead in leads:
            if lead.approval_state == "pending":
                raise UserError(
                    self.env._(
                        "“%(lead)s” waits for a decision. Approve or refuse it; the "
                        "reminder ends with that.",
                        lead=lead.name,
                    )
                )
