from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty

from ..tools.persons import said_of

MANAGER = "crm_customer_center.group_service_manager"
REVIEW = "crm_service_knowledge.mail_activity_type_review"


class CrmServiceArticle(models.Model):
    """Draft, review, published, archived: who may move an article, and who hears of it.

    When and by whom each move was made stands in the conversation.
    """

    _inherit = "crm.service.article"

    # ------------------------------------------------------------
    # THE WRITER
    # ------------------------------------------------------------

    def action_ask_review(self):
        """Ask the team's leader, or a service manager, to look it through."""
        self.check_access("write")
        for article in self:
            article._check_has_text()
            article._move_from(("draft",), "review")
            article._ask_reviewer()

    def action_withdraw(self):
        """Go on writing; the writer's way back."""
        for article in self:
            if article.author_id != self.env.user:
                article._check_reviewer()
            article._move_from(("review",), "draft")

    # ------------------------------------------------------------
    # THE REVIEWER
    # ------------------------------------------------------------

    def action_publish(self):
        """Let it be read: by whom, says the article."""
        self._check_reviewer()
        for article in self:
            article._check_has_text()
            article._move_from(
                ("draft", "review"),
                "published",
                published_by_id=self.env.uid,
                published_date=fields.Datetime.now(),
            )

    def action_archive_article(self):
        """Take it from everybody's eyes."""
        self._check_reviewer()
        for article in self:
            article._move_from(("draft", "review", "published"), "archived")

    def action_restore(self):
        """Make a draft of it again."""
        self._check_reviewer()
        for article in self:
            article._move_from(("archived",), "draft")

    def _return(self, reason):
        """Give it back to its writer, who is told why."""
        self._check_reviewer()
        for article in self:
            article._move_from(("review", "published"), "draft")
            article.message_post(
                body=reason,
                subject=article.name,
                subtype_xmlid="mail.mt_note",
                partner_ids=(article.author_id - self.env.user).partner_id.ids,
            )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_reviewer(self):
        """:raises AccessError: for whoever does not decide what is published"""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Service managers decide what is published. Ask for a review."
                )
            )

    def _check_has_text(self):
        if is_html_empty(self.body):
            raise UserError(self.env._("“%(title)s” has no text yet.", title=self.name))

    def _move_from(self, states, state, **values):
        """:raises UserError: when somebody moved it meanwhile"""
        self.ensure_one()
        if self.state not in states:
            raise UserError(
                self.env._(
                    "“%(title)s” is no longer where it was. Look at it once more.",
                    title=self.name,
                )
            )
        # sudo: only the moves write the state; who may was checked
        article = self.sudo()
        article.write({"state": state, **values})
        if state != "review":
            article.activity_unlink([REVIEW])

    @api.constrains("name", "body", "state", "visibility", "ticket_ids")
    def _check_no_customer(self):
        """What everybody reads names no customer it was written for.

        :raises ValidationError: with what was found, which its reviewer may know
        """
        for article in self:
            # sudo: what the customers of its tickets are called
            known = article.sudo()
            if not (known.is_on_page and known.ticket_ids):
                continue
            shown = f"{known.name}\n{known._shown_text()}"
            if left := said_of(shown, known._names_of(known.ticket_ids)):
                raise ValidationError(
                    self.env._(
                        "Everybody could read what only this customer is to be known "
                        "by: %(found)s. Take it out first.",
                        found=self.env._(", ").join(left),
                    )
                )

    # ------------------------------------------------------------
    # WHO HEARS OF IT
    # ------------------------------------------------------------

    def _ask_reviewer(self):
        # sudo: an activity for somebody else, about what its writer has handed in
        article = self.sudo()
        reviewer = article._reviewer()
        if reviewer and reviewer != self.env.user:
            article.activity_schedule(
                REVIEW,
                user_id=reviewer.id,
                summary=self.env._("Review: %(title)s", title=article.name),
            )

    def _reviewer(self):
        """The team's leader, where that is a service manager; else the first one."""
        # sudo: who has which role
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        able = managers.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        leader = self.team_id.user_id
        return leader if leader in able else able.sorted("id")[:1]
