import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ..tools import conditions
from .crm_rule_mixin import AGAIN, KEPT, RuleBroken

COST_LIMIT = "crm_suite_base.rule_cost_limit"
DEFAULT_COST_LIMIT = 5_000_000
# a condition that takes longer to find its first record is refused
TRIAL_SECONDS = 10


class CrmRuleMixin(models.AbstractModel):
    """What is refused when a condition is written, and what to do instead.

    Readable → its fields exist → its author may read each step → a search understands
    it → it does not cost too much. One set of sentences for every kind of rule.
    """

    _inherit = "crm.rule.mixin"

    @api.constrains(lambda self: (*self._condition_fields, "state", "active"))
    def _check_condition(self):
        if KEPT.is_on(self.env):
            return  # only written anew, by somebody who need not be its author
        for rule in self:
            if rule.state != "error":
                rule._verify_condition()

    def _verify_condition(self):
        """Check the condition with the eyes of its author.

        :return: the domain as a list
        :raises RuleBroken: says what is wrong and what to do
        """
        self.ensure_one()
        domain = self._read_condition()
        leaves = list(conditions.leaves(domain))
        if leaves:
            env = self._author_env()
            for leaf in leaves:
                self._check_path(env, leaf)
            self._try(env, domain)
        return domain

    # ------------------------------------------------------------
    # READABLE
    # ------------------------------------------------------------

    def _condition_words(self) -> dict[str, int]:
        """Return the words a condition may use for a number; none as a rule."""
        return {}

    def _read_condition(self) -> list:
        """The one parser: the condition as a list of literals.

        :raises RuleBroken: it cannot be read
        """
        return self._parse_condition(self.domain or "", self._condition_words())

    @api.model
    def _parse_condition(self, text, words=None) -> list:
        try:
            domain = conditions.parse(text, words)
            Domain(domain)
        except (ValueError, TypeError) as error:
            raise RuleBroken(
                self.env._(
                    "The condition cannot be read (%s). Choose it with the editor, or "
                    "write a list such as [('city', '=', 'Suzhou')] of fixed values "
                    "and relative dates.",
                    str(error)[:300],
                )
            ) from error
        return domain

    # ------------------------------------------------------------
    # WHAT ITS AUTHOR MAY ASK
    # ------------------------------------------------------------

    @api.model
    def _open_models(self) -> tuple[str, ...]:
        """Return the models a condition may lead over, see
        ``conditions.OPEN_MODELS``; a module appends its own through ``super()``."""
        return conditions.OPEN_MODELS

    def _check_path(self, env, leaf, model=None):
        """Ask for every field on the way.

        :param model: name of the model the condition is about, where it is not the
            rule's
        :raises RuleBroken: one is gone, secret, or hidden from the author
        """
        about = records = env[model or self._rule_model()]
        names = leaf.path.split(".")
        for place, name in enumerate(names):
            field = records._fields.get(name)
            if field is None:
                raise RuleBroken(self._gone(records, name))
            self._check_step(records, field, about)
            if not field.comodel_name:
                return
            if place == len(names) - 1 and not conditions.is_text(leaf.value):
                return
            records = env[field.comodel_name]
        # a text finds related records by their names
        self._check_step(records, records._fields["display_name"], about)

    def _check_step(self, records, field, about):
        allowed = conditions.is_open(records._name, self._open_models())
        if records._name != about._name and not allowed:
            raise RuleBroken(
                self.env._(
                    "A condition cannot ask about “%s”. Ask about the record itself, "
                    "its customer, its people or its documents.",
                    self._name_of(records),
                )
            )
        if conditions.is_secret(field.name) or field.groups == NO_ACCESS:
            raise RuleBroken(
                self.env._(
                    "“%(field)s” of “%(model)s” is secret: no condition may ask "
                    "for it.",
                    field=field._description_string(self.env),
                    model=self._name_of(records),
                )
            )
        readable = records.has_access("read")
        if not readable or not records._has_field_access(field, "read"):
            # sudo: the name of a colleague
            person = records.env.user.sudo().name
            raise RuleBroken(
                self.env._(
                    "%(person)s may not read “%(field)s” of “%(model)s”, so no "
                    "condition of that person may ask for it. Take it out, or let "
                    "somebody write the condition who may.",
                    person=person,
                    field=field._description_string(self.env),
                    model=self._name_of(records),
                )
            )

    @api.model
    def _name_of(self, records) -> str:
        return self.env["ir.model"]._get(records._name).name or records._name

    @api.model
    def _gone(self, records, name) -> str:
        """A field that is gone: the most frequent end of a stored condition."""
        return self.env._(
            "The condition asks about the field “%(field)s”, which “%(model)s” does "
            "not have (any more). Take this line out of the condition.",
            field=name,
            model=self._name_of(records),
        )

    # ------------------------------------------------------------
    # A REAL SEARCH
    # ------------------------------------------------------------

    def _try(self, env, domain):
        """Search for real, and let the database estimate first.

        :raises RuleBroken: a search does not understand it, or it costs too much
        """
        # what is not written yet must not be lost with the trial
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False) as trial:
                query = env[self._rule_model()]._search(Domain(domain))
                if not query.is_empty():
                    self._check_cost(query)
                    self.env.cr.execute(
                        "SET LOCAL statement_timeout = %s", [TRIAL_SECONDS * 1000]
                    )
                    query.limit = 1
                    self.env.execute_query(query.select())
                trial.rollback()
        except RuleBroken:
            raise
        except psycopg2.errors.QueryCanceled as error:
            raise RuleBroken(self._too_slow()) from error
        except AGAIN:
            raise
        except (AccessError, UserError) as error:
            raise RuleBroken(str(error)) from error
        except Exception as error:
            raise RuleBroken(
                self.env._(
                    "The condition cannot be used: %s Choose its fields and values "
                    "with the editor.",
                    str(error).strip()[:300] or type(error).__name__,
                )
            ) from error

    def _check_cost(self, query):
        """Let the database estimate the query before it is ever run."""
        # sudo: what is allowed holds for whoever writes the condition
        limit = self.env["ir.config_parameter"].sudo().get_param(COST_LIMIT)
        limit = float(limit or DEFAULT_COST_LIMIT)
        [(answer,)] = self.env.execute_query(
            SQL("EXPLAIN (FORMAT JSON) %s", query.select())
        )
        cost = answer[0]["Plan"]["Total Cost"]
        if cost > limit:
            raise RuleBroken(
                self.env._(
                    "The condition would take too long: its cost is estimated at "
                    "%(cost)d, %(limit)d is allowed. Ask about fewer related records, "
                    "or raise the system parameter %(name)s.",
                    cost=cost,
                    limit=limit,
                    name=COST_LIMIT,
                )
            )

    @api.model
    def _too_slow(self) -> str:
        return self.env._("The condition takes too long. Write a simpler one.")
