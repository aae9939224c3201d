from odoo import api, fields, models
from odoo.exceptions import UserError

# what a ticket was before it was merged, and is again after an undo
KEPT = (
    "stage_id",
    "resolved_date",
    "closed_date",
    "reopen_count",
    "date_last_stage_update",
    "awaiting_answer",
)
# what the question of a source may change in the target
TARGET_KEPT = (*KEPT, "last_message_date")
MOVED_MESSAGES = ("comment", "email", "email_outgoing")


class CrmServiceMerge(models.Model):
    """One ticket merged into another, with all that is needed to take it back."""

    _name = "crm.service.merge"
    _link_gate = True
    _description = "Merge of Tickets"
    _order = "id desc"
    _rec_name = "source_id"

    source_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    target_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    undone = fields.Boolean()
    former = fields.Json(help="The source before: see KEPT.")
    moved = fields.Json(
        help="Ids of messages, attachments, activities, incoming mails and followers; "
        "the questions that the closing put; the target before and after, where it "
        "changed."
    )
    team_id = fields.Many2one(related="source_id.team_id", store=True, index=True)

    # ------------------------------------------------------------
    # MERGE
    # ------------------------------------------------------------

    @api.model
    def _merge(self, sources, target):
        """Merge tickets into one: what was said, files and activities move there;
        mail that still comes for a source lands in the target.

        :param sources: tickets; the target among them is left out
        :param target: the ticket that stays; of one that went into another meanwhile
            that other one
        :return: rows of this model, one for each source
        :raises UserError: when the target went into a source, a source is merged
            already, or they belong to different companies
        """
        # sudo: the caller has checked that the user may change all of them; where the
        # line of merges leads on, it is checked below
        sources, target = (sources - target).sudo(), target.sudo()
        (sources | target._line_of_merges())._take_turn()
        chosen, target = target, target._living()
        if chosen != target:
            target.with_env(self.env).check_access("write")
        self._check_mergeable(sources - target, target, chosen)
        # sudo: what a merge writes down is the system's
        rows = self.sudo().create(
            [self._prepare_vals(source, target) for source in sources - target]
        )
        for row in rows:
            row._pass_question_on()
            row._move(row.source_id, row.target_id)
            row._close_source()
        rows._tell()
        return rows

    @api.model
    def _check_mergeable(self, sources, target, chosen):
        if not sources and chosen == target:
            raise UserError(self.env._("Choose at least one other ticket to merge."))
        # without sources: what was chosen as target went into the source meanwhile
        (sources or chosen)._check_not_merged()
        if sources.company_id != target.company_id:
            raise UserError(
                self.env._("Tickets of different companies cannot be merged.")
            )

    @api.model
    def _prepare_vals(self, source, target):
        followers = source.message_partner_ids - target.message_partner_ids
        return {
            "source_id": source.id,
            "target_id": target.id,
            "former": self._state_of(source, KEPT),
            "moved": {
                "messages": self._messages_of(source).ids,
                "attachments": self._attachments_of(source).ids,
                "activities": source.activity_ids.ids,
                "mails": source.incoming_mail_ids.ids,
                "followers": followers.ids,
            },
        }

    @api.model
    def _state_of(self, ticket, names) -> dict:
        """Values of a ticket as they can be written, and kept as JSON."""
        found = {}
        for name in names:
            value = ticket._fields[name].convert_to_write(ticket[name], ticket)
            is_date = hasattr(value, "isoformat")
            found[name] = fields.Datetime.to_string(value) if is_date else value
        return found

    @api.model
    def _messages_of(self, ticket):
        return ticket.message_ids.filtered(lambda m: m.message_type in MOVED_MESSAGES)

    @api.model
    def _attachments_of(self, ticket):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", ticket._name),
                ("res_id", "=", ticket.id),
                ("res_field", "=", False),
            ]
        )

    def _move(self, origin, destination):
        """Move what ``moved`` lists and is still at the origin."""
        self.ensure_one()
        for key, model, id_field in (
            ("messages", "mail.message", "res_id"),
            ("attachments", "ir.attachment", "res_id"),
            ("activities", "mail.activity", "res_id"),
            ("mails", "crm.service.mail", "ticket_id"),
        ):
            # sudo: of two tickets the user may change, nothing else is looked for
            records = self.env[model].sudo().with_context(active_test=False)
            here = [("id", "in", self.moved.get(key, [])), (id_field, "=", origin.id)]
            records.search(here).write({id_field: destination.id})
        self.env["crm.service.ticket"].invalidate_model(["message_ids"])
        if destination == self.target_id:
            destination.message_subscribe(partner_ids=self.moved["followers"])

    def _pass_question_on(self):
        """What waits for our answer in the source waits in the target from now on."""
        self.ensure_one()
        source, target = self.source_id, self.target_id
        if not source.awaiting_answer or target.awaiting_answer:
            return
        before = self._state_of(target, TARGET_KEPT)
        question = self._messages_of(source).filtered(
            lambda message: not source._is_ours(message.author_id)
        )[:1]
        target._customer_spoke(question)
        after = self._state_of(target, TARGET_KEPT)
        self.moved = {**self.moved, "target": {"before": before, "after": after}}

    def _close_source(self):
        """Nothing is asked in the source any more, and nothing open."""
        self.ensure_one()
        source = self.source_id
        known = source.survey_ids
        source.write({"merged_into_id": self.target_id.id, "awaiting_answer": False})
        source._move_to("closed")
        self.moved = {**self.moved, "surveys": (source.survey_ids - known).ids}

    def _tell(self):
        for row in self:
            source, target = row.source_id, row.target_id
            source._message_log(
                body=self.env._("Merged into %s", target._get_html_link())
            )
            target._message_log(
                body=self.env._(
                    "%s was merged into this ticket", source._get_html_link()
                )
            )

    # ------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------

    def _undo(self):
        """Take merges back: what was moved and is still there returns, the source is
        what it was. What was said since stays where it was said.

        :raises UserError: when it was taken back already
        """
        rows = self.sudo()  # sudo: the caller has checked both tickets
        (rows.source_id | rows.target_id)._take_turn()
        for row in rows:
            if row.undone:
                raise UserError(self.env._("This merge has been taken back already."))
            if row.target_id.merged_into_id:
                raise UserError(
                    self.env._(
                        "%(ticket)s was merged further. Undo that first.",
                        ticket=row.target_id.display_name,
                    )
                )
            source, target = row.source_id, row.target_id
            row._move(target, source)
            target.message_unsubscribe(partner_ids=row.moved["followers"])
            source.write({"merged_into_id": False, "stage_id": row.former["stage_id"]})
            source.write(row.former)
            row._forget_closing()
            row.undone = True
            row._take_question_back()
            target._message_log(
                body=self.env._("%s was taken out again", source._get_html_link())
            )
            source._message_log(
                body=self.env._("Taken out of %s again", target._get_html_link())
            )

    def _forget_closing(self):
        """The closing was none: its customer is asked when the ticket is done."""
        surveys = self.source_id.survey_ids
        surveys = surveys.filtered(lambda s: s.id in self.moved.get("surveys", []))
        surveys.filtered(lambda s: s.state in ("queued", "skipped")).unlink()

    def _take_question_back(self):
        """The target is what it was, unless something was said there since, or another
        ticket that was merged into it waits for an answer as well."""
        target, kept = self.target_id, self.moved.get("target")
        others = target.merge_ids.filtered(lambda row: not row.undone)
        if (
            not kept
            or any(row.former["awaiting_answer"] for row in others)
            or self._state_of(target, TARGET_KEPT) != kept["after"]
        ):
            return
        target.write({"stage_id": kept["before"]["stage_id"]})
        target.write(kept["before"])
