"""Mails that were stopped stand where somebody sees them; so do those of before."""


def migrate(cr, version):
    """Mark stopped mails without ticket as to be looked at, note the addresses of their
    senders, by which they can be blocked, and let the rule show mails of no ticket."""
    if not version:
        return
    cr.execute(
        """
        UPDATE crm_service_mail
           SET to_review = outcome = 'stopped' AND ticket_id IS NULL,
               sender = lower(substring(email_from FROM '[^<>\\s"]+@[^<>\\s"]+'))
         WHERE sender IS NULL
        """
    )
    cr.execute(
        """
        UPDATE ir_rule
           SET domain_force = '[(1, ''='', 1)]'
         WHERE id IN (SELECT res_id FROM ir_model_data
                       WHERE module = 'crm_service_ticket'
                         AND name = 'rule_mail_service_manager')
        """
    )
