"""Mails that were stopped stand where somebody sees them; so do those of before."""


def migrate(cr, version):
    """Mark stopped mails without ticket as to be looked at, and note the addresses of
    their senders, by which they can be blocked."""
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
