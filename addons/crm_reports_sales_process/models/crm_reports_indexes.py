from odoo import models

# What figures are asked by and no index of Odoo or of the other modules answers.


class CrmLead(models.Model):
    _inherit = "crm.lead"

    _report_created_idx = models.Index("(create_date)")
    _report_closed_idx = models.Index("(date_closed) WHERE date_closed IS NOT NULL")


class CrmLeadStageMove(models.Model):
    """Whether a deal came into the pipeline in a period is read from its first stay,
    one of many; how it went on, from all of them, deal by deal."""

    _inherit = "crm.lead.stage.move"

    _report_came_idx = models.Index(
        "(date_entered, lead_id) WHERE lead_type = 'opportunity'"
        " AND entry IN ('created', 'converted', 'known')"
    )
    _report_fold_idx = models.Index(
        "(lead_id) INCLUDE (stage_id, duration, date_left)"
        " WHERE lead_type = 'opportunity' AND is_slip IS NOT TRUE"
    )
