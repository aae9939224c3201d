from markupsafe import Markup

from odoo import models

LISTED_IN_NOTICE = 20


class ResUsers(models.Model):
    """Telling people what they have been given."""

    _inherit = "res.users"

    def _tell_of_work(self, records, title: str, note: str = ""):
        """Send this user one message for all the records, in the user's language.

        :param records: what was given, with an address of its own in the client
        :param title: what it is, translated into the language of this user
        :param note: what the giver has to say, plain text
        """
        self.ensure_one()
        translated = self.with_context(lang=self.lang)
        records = records.with_env(translated.env)
        names = [
            Markup('<li><a href="%s">%s</a></li>')
            % (f"/odoo/{records._name}/{record.id}", record.display_name)
            for record in records[:LISTED_IN_NOTICE]
        ]
        if len(records) > LISTED_IN_NOTICE:
            more = translated.env._("and %s more", len(records) - LISTED_IN_NOTICE)
            names.append(Markup("<li>%s</li>") % more)
        body = Markup("<p>%s</p><ul>%s</ul>") % (title, Markup("").join(names))
        is_thread = len(records) == 1 and "message_ids" in records._fields
        target = records if is_thread else translated.env["mail.thread"]
        target.message_notify(
            partner_ids=self.partner_id.ids,
            subject=title,
            body=body + (Markup("<p>%s</p>") % note if note else ""),
            email_layout_xmlid="mail.mail_notification_light",
        )
