from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.models.crm_rule_mixin import KEPT, RuleBroken
from odoo.addons.crm_suite_base.tools import conditions

from ..tools import tag_expression as te
from .crm_tagged_panel import short_name

SHARING = [
    ("private", "Only Me"),
    ("groups", "Some Roles"),
    ("everybody", "Everybody"),
]
# what decides who is a member
DEFINITION = {"expression", "domain", "user_id", "company_id", "active"}


class CrmSegment(models.Model):
    """A named choice of partners: tags combined by AND, OR and NOT, and a domain.

    ``[("segment_ids", "in", [id])]`` on ``res.partner`` is the segment wherever a
    domain is asked for, and is always up to date. The members as of the last refresh
    are kept as well, for counting many segments at once and for joins in reports; see
    ``crm_segment_members.py``.
    """

    _name = "crm.segment"
    _link_gate = True
    # members are found with the rights of the owner: nobody gives a segment to others
    _reach_fields = frozenset({"user_id"})
    _description = "Segment"
    _inherit = "crm.rule.mixin"
    _order = "name, id"
    _rule_target = "res.partner"
    _condition_fields = ("domain", "expression", "user_id")
    # it works or does not; there is nothing to start
    _rule_switched = False

    name = fields.Char(translate=True)
    description = fields.Text(
        translate=True, help="What the segment is for; shown to those who choose it."
    )
    # definition
    # its shape: see tools/tag_expression.py
    expression = fields.Json(
        string="Tags", help="Which tags the contacts have, and which they have not."
    )
    domain = fields.Char(
        string="Further Condition",
        default=False,
        help="Narrows the choice by any other field. Relative dates such as"
        " “today -30d” are evaluated on the day the segment is used.",
    )
    tag_ids = fields.Many2many(
        "res.partner.category",
        "crm_segment_category_rel",
        "segment_id",
        "category_id",
        string="Tags Used",
        compute="_compute_tag_ids",
        store=True,
    )
    sentence = fields.Char(string="In Words", compute="_compute_sentence")
    resulting_domain = fields.Char(
        compute="_compute_resulting_domain",
        help="The whole segment as a domain on contacts.",
    )
    # whose it is
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Members are found with the rights of the owner.",
    )
    sharing = fields.Selection(
        SHARING, string="Seen By", required=True, default="private"
    )
    group_ids = fields.Many2many(
        "res.groups",
        "crm_segment_group_rel",
        "segment_id",
        "group_id",
        string="Roles",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    # members
    member_ids = fields.Many2many(
        "res.partner",
        "crm_segment_member",
        "segment_id",
        "partner_id",
        copy=False,
        groups=fields.NO_ACCESS,
        help="As of the last refresh. For the server only: what a person may see is"
        " found by a search for segment_ids.",
    )
    member_count = fields.Integer(
        string="Members",
        compute="_compute_member_count",
        help="As of the last refresh; only those you may see.",
    )
    last_refreshed = fields.Datetime(readonly=True, copy=False)

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("expression")
    def _compute_tag_ids(self):
        for segment in self:
            segment.tag_ids = [(6, 0, sorted(te.tags_of(segment._expression())))]

    @api.depends("expression", "tag_ids.name")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for segment in self:
            segment.sentence = self._say(segment._expression())

    @api.depends("expression", "domain", "company_id")
    def _compute_resulting_domain(self):
        for segment in self:
            try:
                segment.resulting_domain = repr(list(segment._own_domain()))
            except UserError:
                segment.resulting_domain = False

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("expression", "domain")
    def _check_definition(self):
        for segment in self:
            if segment._own_domain().is_true():
                raise ValidationError(
                    self.env._(
                        "The segment “%s” says nothing yet, so it would be everybody."
                        " Choose a tag or write a condition.",
                        segment.name,
                    )
                )
            segment._get_partner_domain()  # finds a circle of segments

    @api.constrains("sharing", "group_ids")
    def _check_groups(self):
        for segment in self:
            if segment.sharing == "groups" and not segment.group_ids:
                raise ValidationError(
                    self.env._(
                        "Choose the roles that see the segment “%s”.", segment.name
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for segment in self:
            uses = segment._list_uses()
            if uses:
                raise UserError(
                    self.env._(
                        "The segment “%(segment)s” is used by %(uses)s. Take it out"
                        " there first, or archive the segment: an archived segment"
                        " keeps working where it is used.",
                        segment=segment.name,
                        uses=", ".join(uses),
                    )
                )

    def _check_may_share(self, vals_list):
        """Only some publish what others then see among their filters."""
        if self.env.su or self.env.user.has_group("crm_tagging.group_segment_sharer"):
            return
        if any(vals.get("sharing", "private") != "private" for vals in vals_list):
            raise AccessError(
                self.env._(
                    "You may keep segments for yourself. To share one, ask a tag"
                    " administrator."
                )
            )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_share(vals_list)
        segments = super().create(
            # the expression is said even when it is not given: it is what is checked
            [self._clean_vals({"expression": False, **vals}) for vals in vals_list]
        )
        # a default from the context shares as well
        self._check_may_share([{"sharing": one.sharing} for one in segments])
        segments._refresh_or_refuse()
        return segments

    def write(self, vals):
        self._check_may_share([vals])
        result = super().write(self._clean_vals(vals))
        if DEFINITION & vals.keys():
            self._definition_changed()
        return result

    def _definition_changed(self):
        """Find the members anew; whatever depends on the definition extends this."""
        self._refresh_or_refuse()

    def copy_data(self, default=None):
        """A copy is its maker's own, and private until he says otherwise."""
        own = {"user_id": self.env.uid, "sharing": "private", "group_ids": False}
        return [
            {
                **vals,
                "name": self.env._("%s (copy)", segment.name),
                **own,
                **(default or {}),
            }
            for segment, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _clean_vals(self, vals):
        """Return the values with the expression checked and in its normal form."""
        vals = dict(vals)
        if "expression" in vals:
            expression = te.normalise(self._parse_expression(vals["expression"]))
            self._check_tags_exist(expression)
            empty = te.is_empty(expression)
            vals["expression"] = False if empty else te.to_json(expression)
        if "domain" in vals:
            text = (vals["domain"] or "").strip()
            vals["domain"] = text if text != "[]" else False
        return vals

    @api.model
    def _check_tags_exist(self, expression):
        ids = te.tags_of(expression)
        if len(self.env["res.partner.category"].browse(ids).exists()) < len(ids):
            raise ValidationError(
                self.env._("A tag of the segment does not exist any more: take it out.")
            )

    # ------------------------------------------------------------
    # MEANING
    # ------------------------------------------------------------

    @api.model
    def _parse_expression(self, value):
        """Return the expression a JSON value describes.

        :raise ValidationError: with a sentence for the person who sent it
        """
        try:
            return te.parse(value)
        except te.ExpressionError as error:
            raise ValidationError(self._expression_errors()[error.code]) from None

    @api.model
    def _expression_errors(self):
        """Return code -> sentence for each way an expression can be wrong."""
        return {
            "not_an_expression": self.env._(
                "The choice of tags cannot be read. Expected is an object with"
                " “match” and “blocks”; each block has “match” and “rows”, each row"
                " “match” and “tags”."
            ),
            "unknown_match": self.env._(
                "The choice of tags cannot be read. “match” is “all” or “any”, of a"
                " row also “none”."
            ),
            "not_tags": self.env._(
                "The choice of tags cannot be read. “tags” are tag ids."
            ),
            "too_large": self.env._(
                "The choice of tags is too large: at most %(blocks)s blocks of"
                " %(rows)s rows of %(tags)s tags.",
                blocks=te.MAX_BLOCKS,
                rows=te.MAX_ROWS,
                tags=te.MAX_TAGS,
            ),
        }

    def _expression(self):
        """Return the expression of the segment."""
        self.ensure_one()
        return self._parse_expression(self.expression)

    def _own_domain(self):
        """Return the domain as it is written, segments inside it unresolved.

        :raise ValidationError: the domain cannot be read
        """
        self.ensure_one()
        domain = Domain(te.to_domain(self._expression()))
        if self.domain:
            domain &= Domain(self._known(self._read_condition()))
        if self.company_id:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        return domain

    def _get_partner_domain(self):
        """Return the domain on ``res.partner`` that is this segment.

        :raise ValidationError: the domain does not work (any more)
        """
        return self._usable(self._resolve_domain(frozenset()))

    @api.model
    def _known(self, items):
        """Return a domain as it came, when all its fields are there.

        :raise RuleBroken: names the one that is gone
        """
        for leaf in conditions.leaves(items):
            self._look_ahead(leaf)
        return items

    @api.model
    def _usable(self, domain):
        """Return a domain as it came, when the user may search by it.

        :raise UserError: with the reason
        """
        try:
            self.env["res.partner"]._search(domain)
        except UserError:
            raise
        except Exception as error:
            # a search method raises what it likes
            raise RuleBroken(
                self.env._("The condition cannot be used: %s", str(error)[:300])
            ) from error
        return domain

    def _rule_author(self):
        """Members are found with the rights of the owner."""
        return self.user_id or self.env.user

    def _verify_condition(self):
        """Who wrote the condition may read what it asks for, and so may its owner."""
        domain = super()._verify_condition()
        if self.author_id and self.author_id != self.user_id:
            env = self.env(user=self.author_id.id, su=False)
            for leaf in conditions.leaves(domain):
                self._check_path(env, leaf)
        return domain

    def _rehearsal_domain(self):
        partners = self._as_owner()
        owned = self.with_env(partners.env)
        return Domain("id", "in", partners._search(owned._get_partner_domain()))

    def _would(self, partners):
        """Who joins with the next refresh."""
        # sudo: the members as of the last refresh are for the server only
        members = self.sudo().member_ids._ids
        stays, joins = self.env._("is a member"), self.env._("becomes a member")
        return {p.id: stays if p.id in members else joins for p in partners}

    def _resolve_domain(self, path):
        """Return the domain with segments inside it replaced by theirs.

        :param path: ids of the segments this one is resolved for
        """
        if self.id in path:
            raise ValidationError(
                self.env._("The segment “%s” contains itself.", self.name)
            )
        inner = path | {self.id}
        domain = self._own_domain().map_conditions(
            lambda condition: self._resolve_condition(condition, inner)
        )
        if "segment_ids" in repr(domain):
            # by another way than resolving it, a circle would not be noticed
            raise ValidationError(
                self.env._(
                    "A segment can name other segments only as"
                    " ('segment_ids', 'in', [ids])."
                )
            )
        return domain

    def _resolve_condition(self, condition, path):
        """Return the domain of the segments that a condition names by id."""
        ids = condition.value
        if isinstance(ids, int):
            ids = [ids]
        if condition.field_expr != "segment_ids" or not isinstance(
            ids, list | tuple | set
        ):
            return condition
        named = Domain.OR(
            segment._resolve_domain(path)
            for segment in self.browse(i for i in ids if i).exists()
        )
        if condition.operator in ("=", "in"):
            return named
        return ~named if condition.operator in ("!=", "not in") else condition

    @api.model
    def _say(self, expression):
        """Return an expression as a sentence in the user's language."""
        tags = self.env["res.partner.category"].browse(te.tags_of(expression)).exists()
        return te.sentence(
            expression, {tag.id: short_name(tag) for tag in tags}, self._words()
        )

    @api.model
    def _words(self):
        return te.Words(
            all=self.env._("with %s"),
            any=self.env._("with %s"),
            none=self.env._("without %s"),
            tag="“%s”",
            tag_and=self.env._(" and "),
            tag_or=self.env._(" or "),
            both=self.env._(", and "),
            either=self.env._(", or "),
            bracket="(%s)",
            everybody=self.env._("everybody"),
        )

    def _replace_tags(self, merged):
        """Put other tags in place of some, in every segment that names them.

        :param merged: id of the tag that is gone -> id of the tag it became
        """
        # whose condition it is stays: it is only written anew
        for segment in KEPT.on(self):
            expression = te.replace_tags(segment._expression(), merged)
            segment.expression = te.to_json(expression)

    def _list_uses(self):
        """Return what uses the segment, each in words; it is not deleted then.

        A module that stores domains or segments appends its own through ``super()``.
        """
        return []

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_members(self):
        """Open the partners that are in the segment now, as far as they may be seen."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("segment_ids", "in", self.ids)],
        }

    def action_refresh(self):
        """Find the members anew."""
        self.check_access("read")
        self._refresh_members()
        return True
