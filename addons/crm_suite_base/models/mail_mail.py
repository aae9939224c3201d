from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def _job_wake_queue(self):
        """What jobs queued goes out now, not with the next hour."""
        if self.search_count([("state", "=", "outgoing")], limit=1):
            # sudo: nobody but the system may touch jobs
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
