from odoo import models
from odoo.exceptions import UserError

from .crm_customer_import import LIFE


class CrmCustomerImport(models.Model):
    """From one state to the next."""

    _inherit = "crm.customer.import"

    def _begin(self, states: tuple[str, ...]):
        """Check rights and state and take the record for this transaction.

        :raises UserError: wrong state, or a background worker has the record
        """
        self.check_access("write")
        locked = self.try_lock_for_update(allow_referencing=True)
        if not locked:
            raise UserError(
                self.env._(
                    "“%(name)s” is being worked on right now. Try again in a moment.",
                    name=self.name,
                )
            )
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is in the step “%(state)s”, where this cannot be done.",
                    name=self.name,
                    state=labels[self.state],
                )
            )

    def _enter(self, state: str, **values):
        """Go on to ``state``, with the values that belong to it.

        :raises ValueError: no way leads there from the present state
        """
        self.ensure_one()
        if self.state not in LIFE[state]:
            raise ValueError(f"from {self.state} to {state}: import {self.id}")
        self.write({"state": state, **values})

    def _back_to_draft(self):
        # sudo: the rows belong to the model; the caller's right was checked
        record = self.sudo()
        record._drop_rows()
        record._enter("draft", error_code=False, error_params=False)

    def _drop_rows(self):
        """Forget what was read. One SQL statement: 100 000 rows at once."""
        self.column_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_customer_import_line WHERE import_id IN %s",
            [tuple(self.ids)],
        )
        self.env.invalidate_all()
        self.write({"is_staged": False, "stamps": False, "shown_decision": False})

    def _fail(self, code: str, params: dict[str, str]):
        """The file as a whole cannot be imported: say why, keep nothing of it."""
        self._drop_rows()
        self._enter("error", error_code=code, error_params=params)
