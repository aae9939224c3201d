from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.likes import literal


class CrmTagGroup(models.Model):
    """Tags that answer one question about a record: which industry, which source.

    The tags of a group are ``res.partner.category`` on partners and their twins
    ``crm.tag`` on leads, see ``crm.tag``.
    """

    _name = "crm.tag.group"
    _description = "Tag Group"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(help="Colour of the group's new tags and of its title.")
    description = fields.Text(
        translate=True, help="What the group says about a record."
    )
    active = fields.Boolean("In Use", default=True)
    exclusive = fields.Boolean(
        "One Tag Only",
        help="A record carries at most one tag of this group, e.g. one level.",
    )
    to_customer = fields.Boolean(
        "Comes with the Lead",
        default=True,
        help="A lead's tags of this group go to its customer.",
    )
    create_group_ids = fields.Many2many(
        "res.groups",
        "crm_tag_group_create_rel",
        "tag_group_id",
        "group_id",
        string="Who Creates Tags",
        help="Only these roles create, rename and archive tags of this group. "
        "Empty: everybody who may create tags.",
    )
    use_group_ids = fields.Many2many(
        "res.groups",
        "crm_tag_group_use_rel",
        "tag_group_id",
        "group_id",
        string="Who Tags Records",
        help="Only these roles put tags of this group on records and take them off. "
        "Empty: everybody who may change the record.",
    )
    category_ids = fields.One2many(
        "res.partner.category", "tag_group_id", string="Tags"
    )

    _name_uniq = models.UniqueIndex(
        "(lower(name->>'en_US')) WHERE active IS TRUE",
        "Another group of tags has this name. Use that one, or choose another name.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if "exclusive" in vals:
            self._check_one_tag_only()
            self.env.registry.clear_cache()
        return result

    def _check_one_tag_only(self):
        """Refuse to make a group exclusive while records carry several of its tags.

        :raises ValidationError: tells on how many records
        """
        for group in self.filtered("exclusive"):
            for spec in self.env["crm.tag.engine"]._tagged_specs():
                count = group._count_records_with_two(spec)
                if count:
                    raise ValidationError(
                        self.env._(
                            "%(count)s records (%(model)s) carry more than one tag of "
                            "“%(group)s”. Leave them one each, then allow one tag "
                            "only.",
                            count=count,
                            model=self.env[spec.model]._description,
                            group=group.name,
                        )
                    )

    def _count_records_with_two(self, spec):
        self.env[spec.tag_model].flush_model(["tag_group_id"])
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM (SELECT r.%(record_column)s
                          FROM %(relation)s r
                          JOIN %(tag_table)s t ON t.id = r.%(tag_column)s
                         WHERE t.tag_group_id = %(group)s
                         GROUP BY r.%(record_column)s
                        HAVING count(*) > 1) AS several
                """,
                group=self.id,
                **spec.identifiers(),
            )
        )
        return count

    # ------------------------------------------------------------
    # WHO MAY
    # ------------------------------------------------------------

    def _check_role(self, field, user):
        """Ask who may use (``use_group_ids``) or create (``create_group_ids``) tags.

        :raises AccessError: names the group of tags and the roles that may
        """
        # sudo: the names of the roles are told to those who lack them
        for group in self.sudo():
            roles = group[field]
            if not roles or roles & user.all_group_ids:
                continue
            names = ", ".join(roles.mapped("display_name"))
            if field == "use_group_ids":
                text = self.env._(
                    "Tags of “%(group)s” are put on and taken off by %(roles)s only.",
                    group=group.name,
                    roles=names,
                )
            else:
                text = self.env._(
                    "Tags of “%(group)s” are made and changed by %(roles)s only. "
                    "Choose one that exists.",
                    group=group.name,
                    roles=names,
                )
            raise AccessError(text)

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    @api.model
    def _find_by_name(self, name):
        """Return the group of that name, or none; case does not matter."""
        return self.search([("name", "=ilike", literal(name))], limit=1)
