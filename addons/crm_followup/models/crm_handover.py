from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.crm_handover_sources import HandoverSource


class CrmHandover(models.Model):
    """Planned follow-ups change hands, and the ladders that name a person."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self):
        return [
            *super()._handover_sources(),
            HandoverSource(
                key="followups",
                label=self.env._("Planned Follow-ups"),
                model="crm.followup.task",
                domain=Domain("state", "=", "open"),
                sequence=40,
                of_customers=_tasks_of,
                along=_owners_of_tasks,
                move=_move_tasks,
                activity="activity_id",
                is_system=True,
            ),
            HandoverSource(
                key="followup_ladders",
                label=self.env._("Steps of Follow-up Rules That Name the Person"),
                model="crm.followup.rule.level",
                sequence=90,
                is_setup=True,
            ),
        ]


def _tasks_of(_env, customers):
    return Domain("partner_id.commercial_partner_id", "in", customers) | Domain(
        "lead_id.partner_id.commercial_partner_id", "in", customers
    )


def _owners_of_tasks(tasks):
    return {
        task.id: task.lead_id.user_id or task.partner_id.customer_owner_id
        for task in tasks
    }


def _move_tasks(tasks, _old, new):
    """A planned follow-up follows its activity."""
    tasks.activity_id.user_id = new
    tasks.filtered(lambda task: task.user_id != new).user_id = new
