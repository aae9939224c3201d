from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import bulk_tags


class CrmTagBulk(models.TransientModel):
    """Put tags on, and take tags off, the partners chosen in a list."""

    _name = "crm.tag.bulk"
    _description = "Tags of Many Contacts"

    partner_ids = fields.Many2many(
        "res.partner", string="Contacts", default=lambda self: self._default_partners()
    )
    add_ids = fields.Many2many(
        "res.partner.category", "crm_tag_bulk_add_rel", string="Put On"
    )
    remove_ids = fields.Many2many(
        "res.partner.category", "crm_tag_bulk_remove_rel", string="Take Off"
    )
    present_tag_ids = fields.Many2many(
        "res.partner.category", compute="_compute_present_tag_ids"
    )
    summary = fields.Html(compute="_compute_summary", sanitize=False)

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return False
        return self.env.context.get("active_ids")

    @api.depends("partner_ids")
    def _compute_present_tag_ids(self):
        for wizard in self:
            wizard.present_tag_ids = wizard.partner_ids.category_id

    @api.depends("partner_ids", "add_ids", "remove_ids")
    def _compute_summary(self):
        for wizard in self:
            lines = wizard._conflict_lines()
            if not lines:
                lines = wizard._summary_lines(wizard._plan())
            wizard.summary = Markup("<ul class='list-unstyled mb-0'>%s</ul>") % Markup(
                ""
            ).join(Markup("<li class='mb-1'>%s</li>") % line for line in lines)

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    def _changeable(self):
        """Return those of the partners the user may change."""
        return self.partner_ids._origin._filtered_access("write")

    def _exclusive(self):
        """Return tag id -> exclusive group id, of the groups of the tags put on."""
        groups = self.add_ids.tag_group_id.filtered("exclusive")
        tags = groups.with_context(active_test=False).category_ids
        return {tag.id: tag.tag_group_id.id for tag in tags}

    def _plan(self):
        partners = self._changeable().with_context(active_test=False)
        return bulk_tags.plan(
            {partner.id: set(partner.category_id.ids) for partner in partners},
            set(self.add_ids._origin.ids),
            set(self.remove_ids._origin.ids),
            self._exclusive(),
        )

    def _conflict_lines(self):
        """Return why the choice cannot be carried out, or an empty list."""
        add, remove = self.add_ids._origin, self.remove_ids._origin
        wrong = bulk_tags.conflicts(add.ids, set(remove.ids), self._exclusive())
        both = add.filtered(lambda tag: tag in remove and tag.id in wrong)
        lines = [
            self.env._("“%s” cannot be put on and taken off at once.", tag.name)
            for tag in both
        ]
        for group in (add.browse(wrong) - both).tag_group_id:
            names = [tag.name for tag in add if tag.tag_group_id == group]
            lines.append(
                self.env._(
                    "A contact has one tag of “%(group)s” only: choose one of"
                    " %(tags)s.",
                    group=group.name,
                    tags=", ".join(names),
                )
            )
        return lines

    def _summary_lines(self, plan):
        """Return what changes (or has changed) as sentences, one for each tag."""
        lines = [self._add_line(plan, tag) for tag in self.add_ids._origin]
        lines += [
            self.env._(
                "“%(tag)s” off: %(count)s contacts.",
                tag=tag.name,
                count=plan.removed[tag.id],
            )
            for tag in self.remove_ids._origin
        ]
        locked = len(self.partner_ids) - len(self._changeable())
        if locked:
            lines.append(
                self.env._(
                    "%s contacts stay as they are: you may not change them.", locked
                )
            )
        return lines

    def _add_line(self, plan, tag):
        new, kept = plan.added[tag.id], plan.kept[tag.id]
        if kept:
            line = self.env._(
                "“%(tag)s” on: %(new)s contacts, %(kept)s have it already.",
                tag=tag.name,
                new=new,
                kept=kept,
            )
        else:
            line = self.env._("“%(tag)s” on: %(new)s contacts.", tag=tag.name, new=new)
        replaced = {
            old: count for (put, old), count in plan.replaced.items() if put == tag.id
        }
        return f"{line} {self._replaced_text(tag, replaced)}" if replaced else line

    def _replaced_text(self, tag, replaced):
        """Say which tags of its exclusive group make room for a tag.

        :param replaced: id of the other tag -> on how many contacts
        """
        others = [
            self.env._("“%(tag)s” on %(count)s", tag=old.name, count=replaced[old.id])
            for old in tag.browse(replaced)
        ]
        return self.env._(
            "“%(group)s” allows one tag, so it takes the place of %(tags)s.",
            group=tag.tag_group_id.name,
            tags=", ".join(others),
        )

    # ------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------

    def action_apply(self):
        """Write the tags in one batch and say what changed.

        :raise UserError: nothing was chosen, or what was chosen cannot be done
        """
        self.ensure_one()
        if not self.add_ids and not self.remove_ids:
            raise UserError(self.env._("Choose tags to put on or to take off."))
        conflicts = self._conflict_lines()
        if conflicts:
            raise UserError("\n".join(conflicts))
        plan = self._plan()
        lines = self._summary_lines(plan)
        if plan.changed:
            self.partner_ids.browse(plan.changed).write(
                {
                    "category_id": [
                        *[Command.unlink(tag_id) for tag_id in sorted(plan.off)],
                        *[Command.link(tag.id) for tag in self.add_ids],
                    ]
                }
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("%s contacts changed", len(plan.changed)),
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
