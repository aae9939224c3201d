from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmFollowup(models.Model):
    """What a manager says to a follow-up: it stands below what was said, is never
    taken back, and the person hears of it. See docs/adr/0063-comment-and-nudge.md."""

    _inherit = "crm.followup"

    comments = fields.Text(
        "Manager's Comments",
        readonly=True,
        copy=False,
        help="One a line, with who said it and when.",
    )
    can_comment = fields.Boolean(compute="_compute_can_comment")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"comments"}

    @api.model
    def _system_fields_advice(self):
        return self.env._("Press “Comment” on the follow-up.")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can_comment(self):
        led = {user: user._is_led_by_me() for user in self.user_id}
        for followup in self:
            followup.can_comment = led.get(followup.user_id, False)

    def action_comment(self):
        """Open the dialog for a comment on these follow-ups."""
        self._check_may_comment()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Comment"),
            "res_model": "crm.followup.comment.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_followup_ids": [(6, 0, self.ids)],
                "dialog_size": "medium",
            },
        }

    def _check_may_comment(self):
        self.check_access("read")
        if not all(followup.can_comment for followup in self):
            raise UserError(
                self.env._(
                    "You comment on the follow-ups of your team. Leave out your own "
                    "and those of others."
                )
            )

    def _comment(self, text: str):
        """Add a comment to these follow-ups; each person hears of all in one message.

        :param text: plain, in one or more lines
        :raises UserError: for those of whom the user leads none
        """
        self._check_may_comment()
        day = fields.Date.to_string(self.env.company._today())
        line = f"{self.env.user.name} · {day}: {text.strip()}"
        # sudo: the comment goes to a follow-up that its writer may have locked by now;
        # who may comment has been checked
        for followup in self.sudo():
            followup.comments = "\n".join(filter(None, (followup.comments, line)))
        for user, followups in self.grouped("user_id").items():
            title = self.with_context(lang=user.lang).env._(
                "%(who)s has commented on what you wrote", who=self.env.user.name
            )
            # sudo: the person reads the names of the own follow-ups
            user.sudo()._tell_of_work(followups.sudo(), title, text)
