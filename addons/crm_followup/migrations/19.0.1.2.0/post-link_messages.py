"""Follow-ups that were made of finished activities learn which message these left.

Odoo kept no link: it is the message of the same person, record and type of activity
that was written at the same time, the nearest where there are several.
"""


def migrate(cr, version):
    cr.execute(
        """
        WITH near AS (
            SELECT DISTINCT ON (message.id) message.id AS message_id,
                   followup.id AS followup_id
              FROM crm_followup followup
              JOIN mail_activity activity ON activity.id = followup.source_id
              JOIN res_users person ON person.id = followup.user_id
              JOIN mail_message message ON message.model = activity.res_model
               AND message.res_id = activity.res_id
               AND message.mail_activity_type_id = activity.activity_type_id
               AND message.author_id = person.partner_id
               AND message.date BETWEEN followup.create_date - INTERVAL '1 minute'
                                    AND followup.create_date + INTERVAL '1 minute'
             WHERE followup.source_model = 'mail.activity'
               AND followup.message_id IS NULL
          ORDER BY message.id,
                   abs(extract(epoch FROM message.date - followup.create_date))
        )
        UPDATE crm_followup followup
           SET message_id = near.message_id
          FROM (
              SELECT DISTINCT ON (followup_id) followup_id, message_id
                FROM near
            ORDER BY followup_id, message_id
          ) near
         WHERE near.followup_id = followup.id
        """
    )
