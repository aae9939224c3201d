from odoo import models

# What figures are asked by and no index of Odoo or of the other modules answers.


class ResPartner(models.Model):
    _inherit = "res.partner"

    # with all that customers are counted by, so that the wide table is not read
    _report_created_idx = models.Index(
        "(create_date) INCLUDE (lifecycle_state, customer_source_id, active,"
        " company_id, partner_share) WHERE lifecycle_state IS NOT NULL"
    )
