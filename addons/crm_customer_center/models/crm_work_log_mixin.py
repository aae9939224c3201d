from odoo import api, fields, models


class CrmWorkLogMixin(models.AbstractModel):
    """Why a piece of work went to whom it went: one row a decision, never changed.

    One shape for every kind of work: ``candidates`` says of each person of the pool how
    he or she stood (see ``_candidate_list``), and the words for it are here. Names are
    kept as they were then: people leave.
    """

    _name = "crm.work.log.mixin"
    _description = "Log of Given Work"
    _order = "id desc"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Given To", readonly=True, index="btree_not_null"
    )
    candidates = fields.Json(
        readonly=True,
        help="For each person of the pool: user, name, share of this piece (0 to 1), "
        "credit, pieces so far, why skipped.",
    )

    @api.model
    def _candidate_list(self, candidates) -> list[dict]:
        """Return rows of ``tools/fair_share`` as they are kept."""
        users = self.env["res.users"].sudo()  # sudo: names of colleagues
        return [
            {
                "user": candidate.key,
                "name": users.browse(candidate.key).name,
                "share": round(candidate.share, 6),
                "credit": round(candidate.credit, 6),
                "total": candidate.total,
                "skipped": candidate.skipped,
            }
            for candidate in candidates
        ]

    # ------------------------------------------------------------
    # IN WORDS
    # ------------------------------------------------------------

    def _skip_words(self) -> dict[str, str]:
        """Hook: reasons why somebody is not considered, in words."""
        return {
            "leave": self.env._("on leave"),
            "holiday": self.env._("holiday"),
            "paused": self.env._("paused"),
            "archived": self.env._("account switched off"),
            "company": self.env._("works in another company"),
            "capped": self.env._("has the most for today"),
            "no_weight": self.env._("weight 0"),
        }

    def _explain_others(self) -> list[str]:
        """Return a line about those who were there too, and one about the rest."""
        others = [
            row
            for row in self.candidates or []
            if row["user"] != self.user_id.id and not row["skipped"]
        ]
        if not others:
            return [self._explain_skipped(self.candidates or [])]
        there = self.env._("Also there: %s.", self._list_names(others, self._standing))
        return [there, self._explain_skipped(self.candidates)]

    def _explain_skipped(self, candidates) -> str:
        skipped = [row for row in candidates if row["skipped"]]
        if not skipped:
            return ""
        return self.env._("Skipped: %s.", self._list_names(skipped, self._skipping))

    def _list_names(self, candidates, words) -> str:
        separator = self.env._(", ")
        return separator.join(words(candidate) for candidate in candidates)

    def _standing(self, candidate) -> str:
        return self.env._(
            "%(person)s (%(total)s so far, target %(share)s %%)",
            person=candidate["name"],
            total=candidate["total"],
            share=round(candidate["share"] * 100),
        )

    def _skipping(self, candidate) -> str:
        return self.env._(
            "%(person)s (%(reason)s)",
            person=candidate["name"],
            reason=self._skip_words().get(candidate["skipped"], candidate["skipped"]),
        )
