from odoo import api, fields, models


class CrmCustomerImportMapping(models.Model):
    """How the columns of a kind of list were mapped last time.

    Grain: one per company and set of column titles (``signature``).
    """

    _name = "crm.customer.import.mapping"
    _description = "Remembered Column Mapping"
    _order = "write_date desc, id desc"
    _rec_name = "signature"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    signature = fields.Char(required=True)
    # header_key(title) -> technical name of an import field
    mapping = fields.Json(required=True)

    _company_signature_uniq = models.UniqueIndex(
        "(company_id, signature)", "This list's columns are remembered already."
    )

    @api.model
    def _recall(self, company, signature: str) -> dict[str, str]:
        """Return header key -> field name as last decided, {} when never."""
        known = self.search(
            [("company_id", "=", company.id), ("signature", "=", signature)], limit=1
        )
        return known.mapping or {}

    @api.model
    def _remember(self, company, signature: str, mapping: dict[str, str]) -> None:
        """Keep ``mapping`` for the next list with the same titles."""
        # sudo: people who import share what the columns of the company's lists
        # mean; titles and field names only, no customer data
        known = self.sudo().search(
            [("company_id", "=", company.id), ("signature", "=", signature)], limit=1
        )
        if known:
            known.mapping = mapping
        else:
            known.create(
                {
                    "company_id": company.id,
                    "signature": signature,
                    "mapping": mapping,
                }
            )
