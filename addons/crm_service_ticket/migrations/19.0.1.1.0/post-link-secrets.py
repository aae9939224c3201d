"""What is stored of mails and messages carries no secret any more: those of before lose
theirs, mails that still wait get them while they are sent. Where a question is open,
the links to the ticket's page that people here could read are worth nothing from now
on; its customer has the link of the question."""

WORD = "set-when-sent"
TICKET, SURVEY = "crm.service.ticket", "crm.service.survey"


def migrate(cr, version):
    for model, pattern in (
        (TICKET, r"(/my/tickets/\d+\?access_token=)[^&\s\"'#]+"),
        (TICKET, r"(/mail/view\?[^\s\"'#]*?access_token=)[^&\s\"'#]+"),
        (TICKET, r"(/mail/view\?[^\s\"'#]*?hash=)[^&\s\"'#]+"),
        (TICKET, r"(/mail/view\?[^\s\"'#]*?auth_signup_token=)[^&\s\"'#]+"),
        (SURVEY, r"(/service/rate/)[A-Za-z0-9_-]{16,64}"),
    ):
        cr.execute(
            """
            UPDATE mail_message SET body = regexp_replace(body, %s, %s, 'g')
             WHERE model = %s AND body ~ %s
            """,
            [pattern, rf"\1{WORD}", model, pattern],
        )
        cr.execute(
            """
            UPDATE mail_mail AS mail
               SET body_html = regexp_replace(mail.body_html, %s, %s, 'g')
              FROM mail_message AS message
             WHERE message.id = mail.mail_message_id
               AND message.model = %s
               AND mail.body_html ~ %s
            """,
            [pattern, rf"\1{WORD}", model, pattern],
        )
    cr.execute(
        """
        UPDATE crm_service_ticket SET access_token = NULL
         WHERE access_token IS NOT NULL
           AND id IN (SELECT ticket_id FROM crm_service_survey
                       WHERE state = 'queued'
                          OR state IN ('sent', 'answered')
                             AND deadline > now() AT TIME ZONE 'UTC')
        """
    )
