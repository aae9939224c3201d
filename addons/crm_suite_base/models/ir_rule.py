from odoo import models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Say plainly what is refused, and whom to ask. Who looks for the reason, in
        developer mode, reads Odoo's own sentence with the rules."""
        error = super()._make_access_error(operation, records)
        if self.env.user.has_group("base.group_no_one"):
            return error
        plain = AccessError(self._refusal(operation, records))
        # what the browser offers to switch to
        if hasattr(error, "context"):
            plain.context = error.context
        return plain

    def _refusal(self, operation: str, records) -> str:
        """Return the sentence for who may not do this with these records."""
        # sudo: the name of the kind of records, which is no secret
        kind = self.env["ir.model"].sudo()._get(records._name).name
        sentences = {
            "read": self.env._("You may not see this record of “%s”.", kind),
            "write": self.env._("You may not change this record of “%s”.", kind),
            "create": self.env._("You may not create this record of “%s”.", kind),
            "unlink": self.env._("You may not delete this record of “%s”.", kind),
        }
        whom = self.env._(
            "It belongs to another person, team or company. Ask its owner, your manager"
            " or an administrator."
        )
        return f"{sentences[operation]} {whom}"
