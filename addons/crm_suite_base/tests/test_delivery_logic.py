import smtplib

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_suite_base.tools.delivery import may_have_arrived

BROKEN = smtplib.SMTPServerDisconnected("the line dropped")
REFUSED = smtplib.SMTPRecipientsRefused({})


def raised(error, cause=None, context=None):
    """An error raised from another, or while another was handled."""
    error.__cause__, error.__context__ = cause, context
    return error


@tagged("post_install", "-at_install")
class TestDeliveryLogic(BaseCase):
    """# A11, V9: what may have arrived is not sent again by itself."""

    def test_a_broken_connection_leaves_it_open(self):
        """# A11, V9: also one that breaks below SMTP."""
        for error in (BROKEN, ConnectionResetError(), TimeoutError()):
            with self.subTest(error=error):
                self.assertTrue(may_have_arrived(error))

    def test_what_was_refused_or_never_sent_did_not_arrive(self):
        """# A11, V9: SMTP errors are OSErrors in Python, an answer all the same."""
        for error in (REFUSED, smtplib.SMTPDataError(554, b"no"), ValueError(), None):
            with self.subTest(error=error):
                self.assertFalse(may_have_arrived(error))

    def test_the_first_that_tells_decides(self):
        """# A11, V9: an error of Odoo's tells nothing; what it was raised from does,
        and before what merely was being handled."""
        for error, expected in (
            (raised(ValueError(), cause=BROKEN), True),
            (raised(ValueError(), context=BROKEN), True),
            (raised(ValueError(), cause=REFUSED), False),
            (raised(ValueError(), cause=REFUSED, context=BROKEN), False),
            (raised(ValueError(), cause=BROKEN, context=REFUSED), True),
            (raised(ValueError(), cause=raised(KeyError(), context=BROKEN)), True),
            (raised(smtplib.SMTPHeloError(1, b""), context=BROKEN), False),
        ):
            with self.subTest(error=error, cause=error.__cause__):
                self.assertEqual(may_have_arrived(error), expected)
