from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("published", "Published"),
    ("archived", "Archived"),
]
VISIBILITIES = [
    ("internal", "Our desk"),
    ("public", "Everybody"),
]
# the moves alone set them; see crm_service_article_move.py
MOVED = frozenset({"state", "published_by_id", "published_date"})


class CrmServiceArticle(models.Model):
    """How something is solved, written for people who were not there.

    Agents write, service managers decide what stands. Nobody outside reads this model:
    the pages show what ``crm_service_article_public.py`` says is public, and nothing
    else. Record rules compare stored columns only, which nobody types.
    """

    _name = "crm.service.article"
    _link_gate = True
    _description = "Help Article"
    _inherit = ("mail.thread", "mail.activity.mixin")
    _order = "published_date desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True
    # a draft is not moved to where its writer does not reach it
    _reach_fields = frozenset({"team_id", "company_id"})

    name = fields.Char("Title", required=True, tracking=True)
    # read by strangers: no style that could cover the page
    body = fields.Html("Text", sanitize_style=True, prefetch=False)
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        tracking=True,
        copy=False,
        index=True,
        group_expand=lambda _articles, states, _domain: _columns(states),
    )
    visibility = fields.Selection(
        VISIBILITIES,
        "Read by",
        required=True,
        default="public",
        tracking=True,
        help="Everybody: on the help pages and in the form, once it is published. Our "
        "desk: agents and managers only.",
    )
    author_id = fields.Many2one(
        "res.users",
        "Written by",
        default=lambda self: self.env.user,
        copy=False,
        index="btree_not_null",
    )
    published_by_id = fields.Many2one(
        "res.users", copy=False, index="btree_not_null", ondelete="set null"
    )
    published_date = fields.Datetime("Published on", copy=False)
    team_id = fields.Many2one(
        "crm.service.team",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        default=lambda self: self.env.user.service_team_ids[:1],
        help="Who looks after it; its leader is asked for the review.",
    )
    type_id = fields.Many2one(
        "crm.service.ticket.type",
        "Ticket Type",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    tag_ids = fields.Many2many(
        "crm.tag", "crm_service_article_tag_rel", "article_id", "tag_id", string="Tags"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    ticket_ids = fields.Many2many(
        "crm.service.ticket",
        "crm_service_article_ticket_rel",
        "article_id",
        "ticket_id",
        string="From Tickets",
        copy=False,
        help="What was solved this way. Customers see nothing of it.",
    )
    is_mine_to_review = fields.Boolean(compute="_compute_is_mine_to_review")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | MOVED | {"author_id"}

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "An article is asked for, published, returned and archived by its buttons."
        )

    @api.depends_context("uid")
    def _compute_is_mine_to_review(self):
        self.is_mine_to_review = self.env.user.has_group(
            "crm_customer_center.group_service_manager"
        )


def _columns(states):
    """The columns of the board, in the order of an article's way; that of what is laid
    away only where it is shown."""
    return [state for state, _name in STATES if state != "archived" or state in states]
