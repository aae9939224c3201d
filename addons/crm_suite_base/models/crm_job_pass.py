from odoo import api, fields, models


class CrmJobPass(models.Model):
    """What a run had no time for, of work that may leave its records waiting.

    Without it the first of many that nobody can help would be asked for ever, and the
    last never. Grain: one per kind of work.
    """

    _name = "crm.job.pass"
    _description = "Rest of a Job's Pass"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    pending = fields.Json(readonly=True)

    _key_uniq = models.UniqueIndex("(key)")

    @api.model
    def _pending(self, key: str) -> list[int]:
        """Ids a former run did not reach."""
        # sudo: the job's own book-keeping
        return self.sudo().search([("key", "=", key)]).pending or []

    @api.model
    def _keep(self, key: str, ids: list[int]):
        # sudo: the job's own book-keeping
        known = self.sudo().search([("key", "=", key)])
        if known:
            known.pending = ids
        elif ids:
            known.create({"key": key, "pending": ids})
