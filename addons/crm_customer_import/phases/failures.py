import logging

import psycopg2

from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

# the transaction itself is lost: the batch is done again, the row is not to blame
LOST_TRANSACTION = (psycopg2.OperationalError, psycopg2.InterfaceError)


def failure_sentence(person, error: Exception) -> str:
    """Say to the person why a row or a choice could not be stored."""
    if isinstance(error, AccessError):
        # its own text would tell of records the person may not see
        return person._("You may not create or change this customer.")
    if isinstance(error, UserError):
        return " ".join(str(error).split())
    if isinstance(error, psycopg2.Error):
        return person["res.partner"]._sql_error_to_message(error)
    _logger.warning("Row of customer import refused", exc_info=error)
    return person._(
        "This row could not be stored (%(error)s). Show it to your administrator.",
        error=f"{type(error).__name__}: {error}"[:200],
    )
