"""Ratings of tickets have no token: nothing is opened by one."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE rating_rating SET access_token = NULL
         WHERE res_model = 'crm.service.ticket' AND access_token IS NOT NULL
        """
    )
