from odoo import fields, models


class CrmServiceSkill(models.Model):
    """What somebody can do, and which tickets need it."""

    _name = "crm.service.skill"
    _description = "Service Skill"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    type_id = fields.Many2one(
        "crm.service.ticket.type",
        "Ticket Type",
        index="btree_not_null",
        ondelete="restrict",
        help="Every ticket of this type, or of one below it, needs the skill.",
    )
    tag_ids = fields.Many2many(
        "crm.tag",
        "crm_service_skill_tag_rel",
        "skill_id",
        "tag_id",
        string="Tags",
        help="A ticket with one of these tags needs the skill.",
    )
    keywords = fields.Char(
        help="Words separated by commas: a ticket with one of them in its subject "
        "needs the skill."
    )

    _name_uniq = models.UniqueIndex(
        "((name->>'en_US'))", "There is a skill of this name already."
    )

    def _words(self) -> list[str]:
        """The key words, folded for comparing."""
        text = (self.keywords or "").replace("，", ",").replace("、", ",").casefold()
        return [word.strip() for word in text.split(",") if word.strip()]
