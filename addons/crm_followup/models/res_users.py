from markupsafe import Markup

from odoo import models

LINES = 15


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_led_by_me(self) -> bool:
        """Whether the person is of a team that whoever asks leads; an administrator
        leads everybody. Nobody leads himself."""
        self.ensure_one()
        me = self.env.user
        is_admin = me.has_group("crm_customer_center.group_crm_admin")
        return self != me and (is_admin or self in me.managed_user_ids)

    def _followup_digest(self, tasks, today, with_owner=False):
        """Tell one person of planned follow-ups in one message, in that person's
        language.

        :param tasks: of ``crm.followup.task``
        :param today: a date, to say how late they are
        :param with_owner: say whose they are, for a manager
        """
        self.ensure_one()
        # sudo: names of records the person is responsible for
        tasks = tasks.sudo().with_context(lang=self.lang)
        lines = [task._digest_line(today, with_owner) for task in tasks[:LINES]]
        rest = len(tasks) - LINES
        if rest > 0:
            lines.append(tasks.env._("… and %(count)s more.", count=rest))
        rows = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
        subject = (
            tasks.env._("Overdue follow-ups of your team")
            if with_owner
            else tasks.env._("Your follow-ups")
        )
        self.partner_id.with_context(lang=self.lang).message_notify(
            partner_ids=self.partner_id.ids,
            subject=subject,
            body=Markup("<ul>%s</ul><p><a href='/odoo/my-day'>%s</a></p>")
            % (rows, tasks.env._("Open My Day")),
            author_id=self.env.ref("base.partner_root").id,
            email_layout_xmlid="mail.mail_notification_light",
        )
