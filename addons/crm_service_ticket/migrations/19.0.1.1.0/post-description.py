"""What a mail said stands once on the screen, with its pictures: the description of a
ticket from a mail is told apart from one that a person wrote, and pictures that stood
there by their number in the mail are found again."""


def migrate(cr, version):
    cr.execute(
        """
        WITH first_mail AS (
            SELECT DISTINCT ON (message.res_id)
                   message.res_id AS ticket_id, message.id, message.body
              FROM mail_message AS message
             WHERE message.model = 'crm.service.ticket'
               AND message.message_type = 'email'
          ORDER BY message.res_id, message.id
        )
        UPDATE crm_service_ticket AS ticket
           SET description = first_mail.body,
               description_message_id = first_mail.id
          FROM first_mail
         WHERE first_mail.ticket_id = ticket.id
           AND ticket.channel = 'email'
           AND ticket.description_message_id IS NULL
           AND (ticket.description = first_mail.body
                OR ticket.description ~ 'src="cid:')
        """
    )
