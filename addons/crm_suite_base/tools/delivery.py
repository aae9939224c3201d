"""What became of a mail when the sending of it failed."""

import smtplib


def may_have_arrived(error: BaseException | None) -> bool:
    """Return whether the connection broke, as opposed to the server having refused.

    A server that drops the line after the text may have taken it or not; nobody can
    tell, so such a mail is not sent again by itself.

    :param error: what was raised; those it was raised from are looked at, too
    """
    while error:
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return True
        if isinstance(error, smtplib.SMTPException):
            return False
        if isinstance(error, OSError):
            return True
        error = error.__cause__ or error.__context__
    return False
