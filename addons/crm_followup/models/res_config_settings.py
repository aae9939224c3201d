from odoo import api, fields, models

# What a company may set, with what holds until it does: 0 and 1 for switches.
SETTINGS = {
    "record_activity": 1,
    "record_mail": 1,
    "record_meeting": 1,
    "min_length": 4,
    "lock_days": 7,
    "escalate_days": 3,
    "coverage_days": 30,
    "conversion_days": 90,
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    followup_record_activity = fields.Boolean(
        "Finished Activities",
        help="A finished activity on a customer or lead becomes a follow-up.",
    )
    followup_record_mail = fields.Boolean(
        "Sent E-mails",
        help="An e-mail an employee sends to a customer from the customer's or the "
        "lead's page becomes a follow-up.",
    )
    followup_record_meeting = fields.Boolean(
        "Held Meetings",
        help="A meeting with a customer or about a lead becomes a follow-up once it "
        "is over.",
    )
    followup_min_length = fields.Integer(
        "Least Content",
        help="Least number of letters, Chinese characters and digits in a follow-up.",
    )
    followup_lock_days = fields.Integer(
        "Lock After",
        help="Days after which only an administrator changes a follow-up; 0: never.",
    )
    followup_escalate_days = fields.Integer(
        "Agreed Dates",
        help="Working days after which the team leader hears of a next contact a "
        "person agreed on and missed; 0: never. Rules have a ladder of their own.",
    )
    followup_coverage_days = fields.Integer(
        "Coverage Period",
        help="A customer counts as covered when contacted in this many days.",
    )
    followup_conversion_days = fields.Integer(
        "Conversion Period",
        help="A lead counts as converted when won within this many days of a "
        "follow-up.",
    )

    # Not config_parameter: it deletes a parameter that is 0 or false, and the default
    # would be back at once.

    @api.model
    def get_values(self):
        followups = self.env["crm.followup"]
        return {
            **super().get_values(),
            **{f"followup_{name}": followups._setting(name) for name in SETTINGS},
        }

    def set_values(self):
        result = super().set_values()
        # sudo: Odoo lets only those here who may change settings
        parameters = self.env["ir.config_parameter"].sudo()
        for name in SETTINGS:
            value = max(0, int(self[f"followup_{name}"]))
            parameters.set_param(f"crm_followup.{name}", str(value))
        return result
