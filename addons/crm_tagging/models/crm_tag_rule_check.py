import psycopg2

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_rule_mixin import RuleBroken

from ..tools import tag_plan

# fewer records than this may all match: the database is only being set up
FEW = 10


class CrmTagRule(models.Model):
    """What is refused when a rule is saved, and what to do instead."""

    _inherit = "crm.tag.rule"

    @api.constrains("add_tag_ids", "remove_tag_ids", "model")
    def _check_tags(self):
        for rule in self:
            added, removed = rule.add_tag_ids, rule.remove_tag_ids
            if not added and not removed:
                raise ValidationError(
                    self.env._(
                        "“%s” does nothing yet: choose the tags it puts on or takes "
                        "off.",
                        rule.name,
                    )
                )
            if added & removed:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” puts on and takes off %(tags)s. Leave it in one "
                        "place.",
                        rule=rule.name,
                        tags=", ".join((added & removed).mapped("display_name")),
                    )
                )
            rule._check_groups()
            rule._check_twins()

    def _check_groups(self):
        for group in self.add_tag_ids.tag_group_id.filtered("exclusive"):
            tags = self.add_tag_ids.filtered(lambda tag, g=group: tag.tag_group_id == g)
            if len(tags) > 1:
                raise ValidationError(
                    self.env._(
                        "“%(group)s” allows one tag for each record, but “%(rule)s” "
                        "puts on %(tags)s. Make a rule for each of them.",
                        group=group.name,
                        rule=self.name,
                        tags=", ".join(tags.mapped("name")),
                    )
                )

    def _check_twins(self):
        tags = self.add_tag_ids | self.remove_tag_ids
        if self.env[self.model]._tagging_spec().tag_model == tags._name:
            return
        missing = tags.filtered(lambda tag: not tag.crm_tag_id)
        if missing:
            raise ValidationError(
                self.env._(
                    "Leads do not have the tags %s: other tags have the same name and "
                    "group. Merge them first.",
                    ", ".join(missing.mapped("display_name")),
                )
            )

    def _verify_condition(self):
        """A rule that concerns everybody says nothing; besides what holds for all."""
        domain = super()._verify_condition()
        if Domain(domain).is_true():
            raise RuleBroken(
                self.env._(
                    "“%s” has no condition, so it would concern every record. Say "
                    "whom it is about.",
                    self.name,
                )
            )
        query = self.env["crm.tag.engine"]._rule_query(self._compile_one())
        if not query.is_empty():
            self._check_selective(query)
        return domain

    def _check_selective(self, query):
        """Refuse a condition that all records fulfil."""
        Records = self.env["crm.tag.engine"]._rule_env()[self.model]
        everything = Records._search(Domain.TRUE)
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                [(total, others)] = self.env.execute_query(
                    SQL(
                        "SELECT count(*), count(*) FILTER (WHERE m.id IS NULL) "
                        "FROM (%s) AS a LEFT JOIN (%s) AS m ON m.id = a.id",
                        everything.select(),
                        query.select(),
                    )
                )
        except psycopg2.Error as error:
            if self.env["crm.job"]._is_nobodys_fault(error):
                raise
            raise ValidationError(
                self.env._("The database refuses the condition: %s", error)
            ) from error
        if total >= FEW and not others:
            raise ValidationError(
                self.env._(
                    "All %(count)s records fulfil the condition of “%(rule)s”; a tag "
                    "that everybody has says nothing. Add to the condition.",
                    count=total,
                    rule=self.name,
                )
            )

    @api.constrains("add_tag_ids", "domain", "model", "state", "active")
    def _check_loops(self):
        """Refuse rules that wait for their own outcome.

        :raises ValidationError: names the rules
        """
        in_use = self.search([("state", "=", "ok")])._sound()
        for rule in self.filtered(lambda rule: rule.active and rule.state != "error"):
            rules = (in_use | rule).sorted(lambda r: (r.sequence, r.id))
            infos = {r.id: r._compile_one() for r in rules}
            order = tag_plan.order(rules._shapes(infos, rules._exclusive_groups()))
            around = {i for loop in order.loops for i in loop}
            if rule.id in around:
                raise rule._loop_error(self.browse(around))

    def _loop_error(self, rules):
        others = rules - self
        if not others:
            return ValidationError(
                self.env._(
                    "“%s” asks about a tag that it puts on itself (or about a tag of "
                    "the group it decides about), so it would never come to rest. Ask "
                    "about what makes a record deserve the tag instead.",
                    self.name,
                )
            )
        return ValidationError(
            self.env._(
                "“%(rule)s” and %(others)s wait for each other: each asks about a tag "
                "another one decides about. Take one of these tags out of a condition.",
                rule=self.name,
                others=", ".join(f"“{name}”" for name in others.mapped("name")),
            )
        )
