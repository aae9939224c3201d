from collections import defaultdict

from odoo import api, models

from odoo.addons.crm_suite_base.tools.token import Token

# the planned follow-up itself settles or withdraws its activity
SETTLING = Token("followup_settling")
# what was said has been written; no second record is made of the activity
RECORDED = Token("followup_recorded")

TARGETS = ("res.partner", "crm.lead")
TASK_FIELDS = {"date_deadline", "user_id", "active"}


class MailActivity(models.Model):
    """Activities keep the planned follow-ups they stand for, and the dates of their
    customers and leads, up to date."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._refresh_followup_state()
        return activities

    def write(self, vals):
        if not TASK_FIELDS & vals.keys():
            return super().write(vals)
        result = super().write(vals)
        if not SETTLING.is_on(self.env):
            # sudo: a planned follow-up is kept by the system
            self.env["crm.followup.task"].sudo()._follow_activities(self, vals)
            self._refresh_followup_state()
        return result

    def unlink(self):
        targets = self._followup_targets()
        if not SETTLING.is_on(self.env):
            # sudo: a planned follow-up is kept by the system
            self.env["crm.followup.task"].sudo()._cancel_with_activities(self)
        result = super().unlink()
        self.env["crm.followup.state"]._refresh(*(r.exists() for r in targets))
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        """A finished activity becomes a follow-up, which in turn settles what was
        planned on the record."""
        finished = self.filtered(lambda a: a.active and a.res_model in TARGETS)
        if RECORDED.is_on(self.env):
            # the dialog has written what was said
            finished = self.browse()
        messages, following = super()._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
        left = finished._messages_left(messages)
        self.env["crm.followup"]._record_activities(finished.exists(), feedback, left)
        return messages, following

    def _messages_left(self, messages) -> dict[int, int]:
        """Which message each of these finished activities has left.

        Odoo keeps no link; two of one type on one record have left messages that differ
        in nothing but their words, so either may stand for either.

        :return: {id of an activity: id of its message}
        """
        left = defaultdict(list)
        # sudo: who finished an activity may have lost the right to its record
        for message in messages.sudo():
            key = message.model, message.res_id, message.mail_activity_type_id
            left[key].append(message.id)
        found = {}
        # sudo: activities this person is closing
        for activity in self.sudo().exists():
            key = activity.res_model, activity.res_id, activity.activity_type_id
            if left[key]:
                found[activity.id] = left[key].pop(0)
        return found

    def _followup_targets(self):
        """:return: partners and leads the activities are about"""
        ids = {model: set() for model in TARGETS}
        # sudo: an activity of one's own may be on a record one may not read
        for activity in self.sudo():
            if activity.res_model in ids:
                ids[activity.res_model].add(activity.res_id)
        return tuple(self.env[model].browse(ids[model]) for model in TARGETS)

    def _refresh_followup_state(self):
        partners, leads = self._followup_targets()
        if partners or leads:
            self.env["crm.followup.state"]._refresh(partners, leads.exists())

    def _answered_by_followup(self):
        """:return: those that are done once a follow-up was written; a module leaves
        out what somebody has to decide, through ``super()``"""
        return self

    def action_followup_done(self):
        """Open the compact dialog for the record of this activity."""
        self.ensure_one()
        action = self.env[self.res_model].browse(self.res_id).action_follow_up()
        if not self._answered_by_followup():
            return action
        context = {
            **action["context"],
            "default_activity_id": self.id,
            "default_method": self.activity_type_id.followup_method or "phone",
        }
        return {**action, "context": context}
