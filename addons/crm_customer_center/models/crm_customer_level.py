from odoo import fields, models


class CrmCustomerLevel(models.Model):
    _name = "crm.customer.level"
    _description = "Customer Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code used by imports and reports, e.g. A.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(
        translate=True, help="Who belongs here and how they are looked after."
    )
    active = fields.Boolean("In Use", default=True)
    grace_days = fields.Integer(
        "Notice (Days)",
        help="Before a rule gives a customer of this level a lower one, its owner is "
        "told, and has so many days. 0: at once.",
    )

    _code_uniq = models.UniqueIndex(
        "(lower(code)) WHERE code IS NOT NULL AND active IS TRUE",
        "Another active level has this code already.",
    )
    _grace_check = models.Constraint(
        "CHECK (grace_days >= 0)", "A notice cannot be given after the fact."
    )
