from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL


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
        """Keep ``mapping`` for the next list with the same titles.

        People who import share what the columns of the company's lists mean: titles
        and field names only, no customer data.
        """
        # two imports at once with the same new titles: the later one counts
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_import_mapping AS known
                       (company_id, signature, mapping,
                        create_uid, create_date, write_uid, write_date)
                VALUES (%(company)s, %(signature)s, %(mapping)s,
                        %(uid)s, %(now)s, %(uid)s, %(now)s)
                    ON CONFLICT (company_id, signature) DO UPDATE
                   SET mapping = EXCLUDED.mapping, write_uid = EXCLUDED.write_uid,
                       write_date = EXCLUDED.write_date
                 WHERE known.mapping IS DISTINCT FROM EXCLUDED.mapping
                """,
                company=company.id,
                signature=signature,
                mapping=Json(mapping),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model()
