from collections.abc import Mapping
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.crm_suite_base.calls import shaped

from ..tools.conflict_keys import entry_keys
from .crm_conflict_query import PURPOSES

ASKERS = "crm_customer_center.group_sales_rep"
# of them no customer of the company is hidden: there is nothing to ask for
SEE_ALL = (
    "crm_customer_center.group_service_agent,crm_customer_center.group_marketing,"
    "crm_customer_center.group_crm_admin,sales_team.group_sale_salesman_all_leads"
)
# a key that more have is a switchboard
SHOWN = 5


class ConflictFact(NamedTuple):
    """What is told of a customer that the asker does not see.

    ``key`` names it for good, ``label`` and ``value`` are translated.
    """

    key: str
    label: str
    value: str
    sequence: int = 50


class ConflictAction(NamedTuple):
    """What may be done about it: ``method`` is a public method of
    ``crm.conflict.answer`` without arguments, or ``ask`` for the screen's own dialog.
    """

    key: str
    label: str
    icon: str
    method: str = ""
    sequence: int = 50


class CrmConflictQuery(models.Model):
    """How a question is asked, paid for and answered; see docs/adr/0058."""

    _inherit = "crm.conflict.query"

    # ------------------------------------------------------------
    # REGISTRIES
    # ------------------------------------------------------------

    @api.model
    def _conflict_facts(self, partner) -> list[ConflictFact]:
        """What an answer tells of a customer; extend through ``super()``.

        :param partner: as the system; what is put in is read by somebody who may not
            see it
        """
        since = self._owned_since(partner)
        states = dict(
            partner._fields["lifecycle_state"]._description_selection(self.env)
        )
        facts = [
            ConflictFact(
                "owner",
                self.env._("Owner"),
                partner.customer_owner_id.name or self.env._("no owner"),
                10,
            ),
            ConflictFact(
                "state",
                self.env._("Lifecycle"),
                states.get(partner.lifecycle_state, ""),
                20,
            ),
        ]
        if since and partner.customer_owner_id:
            words = format_date(self.env, since)
            facts.append(ConflictFact("since", self.env._("Owner Since"), words, 30))
        return facts

    @api.model
    def _conflict_actions(self, partner) -> list[ConflictAction]:
        """What may be done about an answer; extend through ``super()``.

        :param partner: as the system
        """
        if not self.env["crm.conflict.answer"]._whom_to_ask(partner):
            return []
        return [
            ConflictAction("ask", self.env._("Ask the Owner"), "fa-comment-o", "", 10)
        ]

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_conflict_page(self) -> dict:
        """Return what the page says before anything is asked.

        :return: ``{"left", "limit", "purposes": [[key, words]]}``
        """
        self._check_asker()
        counts = self.env["crm.conflict.count"]
        words = self._fields["purpose"]._description_selection(self.env)
        wanted = dict(PURPOSES)
        return {
            "left": counts._left(),
            "limit": counts._limit(),
            "purposes": [[key, label] for key, label in words if key in wanted],
        }

    @api.model
    @shaped
    def ask(self, text: str, purpose: str, beyond: bool) -> dict:
        """Say whose the customer with this name, phone, e-mail or code is.

        Whom the asker sees anyway is named and costs nothing, and then nobody else is
        looked for unless ``beyond`` says so.

        :param text: a whole name, number, address or code
        :param purpose: a key of ``PURPOSES``
        :return: ``{"own": [{id, name, owner}], "answers": [{id, facts, actions}],
            "left", "paid"}``
        :raises UserError: when the text is no whole key, or the questions of the day
            are used up; nothing is looked up then
        """
        self._check_asker()
        if purpose not in dict(PURPOSES):
            raise UserError(self.env._("Say why you ask."))
        key = self._key_of(text)
        own = self._seen(key)
        if (own and not beyond) or self._sees_all():
            return self._answer(own, self.browse(), paid=False)
        if not self.env["crm.conflict.count"]._pay(1):
            raise UserError(self._used_up())
        hidden = self._found(key) - own
        query = self._note(key.kind, text, purpose, hidden[:SHOWN])
        return self._answer(own, query, paid=True)

    @api.model
    @shaped
    def ask_at_entry(self, values: dict[str, str]) -> dict:
        """Say whose a customer is that somebody is about to enter once more.

        Each whole key costs a question; when not enough are left nothing is asked.
        Keys of customers that the person sees are passed over: the form shows those.

        :param values: any of ``name`` (of a company), ``phone``, ``email``, ``vat``
        :return: as ``ask`` does
        """
        self._check_asker()
        keys = entry_keys(values, self._makers())
        keys = [key for key in keys if not self._seen(key)]
        nothing = self._answer(self.env["res.partner"], self.browse(), paid=False)
        counts = self.env["crm.conflict.count"]
        if self._sees_all() or not keys:
            return nothing
        if counts._limit() - counts._take_turn() < len(keys):
            return nothing
        counts._pay(len(keys))
        queries, told = self.browse(), self.env["res.partner"].browse()
        for key in keys:
            found = self._found(key) - told
            queries += self._note(key.kind, key.value, "entry", found[:SHOWN])
            told |= found
        return self._answer(self.env["res.partner"], queries, paid=True)

    @api.model
    def _check_asker(self):
        if not self.env.user.has_group(ASKERS):
            raise AccessError(self.env._("Sales reps ask whose a customer is."))

    @api.model
    def _sees_all(self) -> bool:
        return self.env.user.has_groups(SEE_ALL)

    @api.model
    def _used_up(self) -> str:
        return self.env._(
            "Your questions of today are used up: %(limit)s a day. Ask your manager, "
            "or go on tomorrow.",
            limit=self.env["crm.conflict.count"]._limit(),
        )

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    @api.model
    def _note(self, kind: str, asked: str, purpose: str, hidden, is_over=False):
        """Write down a question and what is told.

        :param hidden: customers, as the system
        """
        company = self.env.company
        # sudo: the log is the system's; who asks was checked
        return self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": company.id,
                "day": company._today(),
                "kind": kind,
                "asked": " ".join(asked.split())[:200],
                "purpose": purpose,
                "is_over": is_over,
                "found_count": len(hidden),
                "answer_ids": [
                    (0, 0, self._answer_vals(partner)) for partner in hidden
                ],
            }
        )

    @api.model
    def _answer_vals(self, partner) -> dict:
        return {
            "found_id": partner.id,
            "owner_id": partner.customer_owner_id.id,
            "lifecycle_state": partner.lifecycle_state,
            "owned_since": self._owned_since(partner),
        }

    @api.model
    def _answer(self, own, queries, *, paid: bool) -> dict:
        # sudo: of questions that were just paid for; what is told is in _told
        answers = queries.sudo().answer_ids
        return {
            "own": [
                {
                    "id": one.id,
                    "name": one.display_name,
                    "owner": one.user_id.name or self.env._("no owner"),
                }
                for one in own[:SHOWN]
            ],
            "answers": [self._told(answer) for answer in answers],
            "left": self.env["crm.conflict.count"]._left(),
            "paid": paid,
        }

    @api.model
    def _told(self, answer) -> dict:
        """Return what the asker is told of one customer.

        :param answer: as the system
        """
        partner = answer.found_id
        facts = sorted(self._conflict_facts(partner), key=lambda one: one.sequence)
        acts = sorted(self._conflict_actions(partner), key=lambda one: one.sequence)
        return {
            "id": answer.id,
            "facts": [
                {"key": one.key, "label": one.label, "value": one.value}
                for one in facts
            ],
            "actions": [
                {
                    "key": one.key,
                    "label": one.label,
                    "icon": one.icon,
                    "method": one.method,
                }
                for one in acts
            ],
        }

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    @api.model
    def _owners_told(self, titles: Mapping[int, str]) -> dict[int, str]:
        """Return who looks after customers that a list of the caller names and the
        caller does not see: each costs a question, once a day; past the limit nobody
        is named.

        :param titles: by id of the customer, what the list calls it
        """
        # sudo: found by whole keys of the list; nothing is told but the owner's name
        partners = self.env["res.partner"].sudo().browse(titles)
        counts = self.env["crm.conflict.count"]
        counts._take_turn()
        known = self._told_today(partners)
        fresh = partners - known
        granted = counts._pay(len(fresh))
        for at, partner in enumerate(fresh):
            over = at >= granted
            told = partner.browse() if over else partner
            self._note("name", titles[partner.id], "import", told, is_over=over)
        return {
            one.id: one.customer_owner_id.name or "" for one in known | fresh[:granted]
        }

    @api.model
    def _told_today(self, partners):
        # sudo: of whom the caller was told
        answers = (
            self.env["crm.conflict.answer"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("found_id", "in", partners.ids),
                    ("query_id.day", "=", self.env.company._today()),
                ]
            )
        )
        return answers.found_id
