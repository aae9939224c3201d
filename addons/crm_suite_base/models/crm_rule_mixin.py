from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, LockError, ValidationError
from odoo.tools import SQL

from ..tools.token import Token
from .crm_job import Step

# what the system notes; nobody else says it
NOTED = {"author_id", "error", "last_run_date"}
# not the rule's fault: the whole transaction is done again
AGAIN = (LockError, psycopg2.OperationalError, psycopg2.errors.ReadOnlySqlTransaction)
# whose condition it is stays, for it is only written anew
KEPT = Token("crm_rule_author")
WARNING = "mail.mail_activity_data_warning"


class RuleBroken(ValidationError):
    """A condition cannot be asked; the message says why and what to do."""


class CrmRuleMixin(models.AbstractModel):
    """What every kind of rule in the suite shares: a condition as data, its checks,
    its failure, start and stop, rehearsal.

    A child says which model it is about (``_rule_target`` or ``_rule_model``), which
    of its fields decide about the condition (``_condition_fields``), and what the rule
    does with what it finds. How it is checked stands in ``crm_rule_mixin_check``, how
    it is asked in ``crm_rule_mixin_ask``, what screens show in ``crm_rule_mixin_view``.
    See docs/adr/0023-one-shape-for-every-rule.md.
    """

    _name = "crm.rule.mixin"
    _description = "Rule with a Condition"
    _inherit = ("mail.thread", "mail.activity.mixin")

    # the model the rule is about; or ``_rule_model`` says it rule by rule
    _rule_target = None
    # what the condition is made of; who writes one of them is the author
    _condition_fields = ("domain",)
    # what a new rule is: a draft where it changes many records on being started
    _rule_first_state = "ok"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    domain = fields.Char("Condition", default="[]", tracking=True)
    state = fields.Selection(
        "_state_selection",
        "Status",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        default=lambda self: self._rule_first_state,
        help="A draft does nothing. A rule that fails is stopped: the others go on.",
    )
    error = fields.Text("What Went Wrong", readonly=True, copy=False)
    author_id = fields.Many2one(
        "res.users",
        "Condition By",
        readonly=True,
        copy=False,
        help="Who last changed the condition. Where it looks at other records than "
        "those it is about, it sees what this person may see.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Is told when the rule fails.",
    )
    last_run_date = fields.Datetime("Last Run", readonly=True, copy=False)
    match_count = fields.Integer(
        "Matches Now",
        compute="_compute_match_count",
        help="Records that meet the condition and that you may see.",
    )

    # ------------------------------------------------------------
    # FOR THE CHILDREN
    # ------------------------------------------------------------

    def _rule_model(self) -> str:
        """Return the name of the model the rule is about."""
        return self._rule_target

    @api.model
    def _state_selection(self) -> list[tuple[str, str]]:
        """Return the states with their names. Said by code: labels of a mixin's static
        selection stay untranslated on the models of modules installed later."""
        draft, in_use = self.env._("Draft"), self.env._("In Use")
        stopped = self.env._("Stopped")
        return [("draft", draft), ("ok", in_use), ("error", stopped)]

    def _in_use(self):
        """Return those of the rules that hold."""
        return self.filtered(lambda rule: rule.state == "ok" and rule.active)

    @api.model
    def _compiled_fields(self) -> set[str]:
        """Return the names of the fields the rule book depends on."""
        return {
            "active",
            "author_id",
            "company_id",
            "sequence",
            "state",
            *self._condition_fields,
        }

    @api.model
    def _rule_models(self) -> list[str]:
        """Return the names of all models of rules there are, without naming one."""
        found, names = set(), ["crm.rule.mixin"]
        while names:
            for child in self.env.registry[names.pop()]._inherit_children:
                if child not in found and child in self.env.registry:
                    found.add(child)
                    names.append(child)
        return sorted(name for name in found if not self.env[name]._abstract)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_noted(vals_list)
        author = {"author_id": self.env.uid}
        rules = self
        if self.env.uid == SUPERUSER_ID:
            # comes with a module: “created” would stand there in English for good
            rules = self.with_context(mail_create_nolog=True)
        rules = super(CrmRuleMixin, rules).create(
            [{**author, **vals} for vals in vals_list]
        )
        self.env.registry.clear_cache()
        return rules.with_env(self.env)

    def write(self, vals):
        self._refuse_noted([vals])
        stopped = self.browse()
        if not vals.keys().isdisjoint(self._condition_fields):
            if not KEPT.is_on(self.env):
                vals = {"author_id": self.env.uid, **vals}
            if "state" not in vals:
                stopped = self.filtered(lambda rule: rule.state == "error")
        if stopped:
            # one whose condition is written anew is as a new one is
            mended = {**vals, "state": self._rule_first_state, "error": False}
            super(CrmRuleMixin, stopped).write(mended)
            # sudo: the warning is somebody else's
            stopped.sudo().activity_unlink([WARNING])
        result = super(CrmRuleMixin, self - stopped).write(vals)
        if not vals.keys().isdisjoint(self._compiled_fields()):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _refuse_noted(self, vals_list):
        """What the system notes is not said by anybody else.

        :raises AccessError: names the field
        """
        if self.env.su:
            return
        for name in sorted(NOTED & {name for vals in vals_list for name in vals}):
            raise AccessError(
                self.env._(
                    "“%s” is noted by the system. Leave it out.",
                    self._fields[name]._description_string(self.env),
                )
            )

    # ------------------------------------------------------------
    # START AND STOP
    # ------------------------------------------------------------

    def action_start(self):
        """Put drafts and stopped rules in use; what does not work is refused.

        :raises RuleBroken: says why
        """
        self.check_access("write")
        for rule in self:
            rule._verify_condition()
        self.filtered(lambda rule: not rule.active).active = True
        self._set_ok()
        return True

    def action_stop(self):
        """Take rules out of use; what they did stays."""
        self.check_access("write")
        self.filtered(lambda rule: rule.state == "ok").write({"state": "draft"})
        return True

    # ------------------------------------------------------------
    # FAILURE
    # ------------------------------------------------------------

    @contextmanager
    def _isolated(self):
        """Do something for one rule. When it fails, what it did is taken back, the
        rule is stopped and its person told; whatever comes after goes on.

        What only needs to be done again (a lost race) is not the rule's fault.
        """
        self.ensure_one()
        # what was written before is not this rule's doing
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.QueryCanceled as error:
            self._set_error(error)
        except AGAIN:
            raise
        except Exception as error:  # noqa: BLE001 a condition raises what it likes
            self._set_error(error)

    def _set_ok(self):
        """Note that rules work: they are in use, and no longer a worry."""
        # sudo: the error and the warning are the system's notes
        waiting = self.sudo().filtered(lambda rule: rule.state != "ok")
        if waiting:
            waiting.write({"state": "ok", "error": False})
            waiting.activity_unlink([WARNING])

    def _set_error(self, error):
        """Stop a rule that failed, and tell the responsible person once.

        :param error: the exception
        """
        self.ensure_one()
        # sudo: a rule fails in the hands of whoever happens to save a record
        rule = self.sudo()
        if rule.state == "error":
            return
        rule.write({"state": "error", "error": self._error_text(error)})
        person = rule._person_told()
        rule = rule.with_context(lang=person.lang)
        rule.activity_schedule(
            WARNING,
            user_id=person.id,
            summary=rule.env._("“%s” was stopped", rule.display_name),
            note=rule.error,
        )

    def _error_text(self, error) -> str:
        """Return a sentence for whatever went wrong."""
        if isinstance(error, psycopg2.errors.QueryCanceled):
            return self._too_slow()
        return str(error).strip() or type(error).__name__

    def _person_told(self):
        """Who is told of a failure: the responsible, the author, the administrator."""
        for user in (self.responsible_id, self.author_id):
            if user.active and not user.share:
                return user
        return self.env.ref("base.user_admin")

    # ------------------------------------------------------------
    # BROKEN AFTERWARDS
    # ------------------------------------------------------------

    def _look_at(self):
        """Look at stored conditions again, and stop those that no longer work."""
        for rule in self.sudo():  # sudo: the rules are everybody's
            words = rule.with_context(lang=rule._person_told().lang)
            with rule._isolated():
                words._verify_condition()

    @api.model
    def _look_at_all(self):
        """Look at every stored condition in use: a field or a module is gone."""
        for name in self._rule_models():
            # sudo: the rules are everybody's; each is asked with its author's rights
            self.env[name].sudo().search([("state", "=", "ok")])._look_at()

    @api.model
    def _adopt(self, by_active=False):
        """Of rules from before there was an author: it is who wrote the rule last. A
        condition that person may not ask is stopped and says so. For migrations.

        :param by_active: whether there was a switch instead of a state: what was
            switched off is a draft now, and not archived
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s
                   SET author_id = COALESCE(NULLIF(write_uid, %(system)s), create_uid),
                       responsible_id = COALESCE(
                           NULLIF(responsible_id, %(system)s),
                           NULLIF(write_uid, %(system)s), create_uid),
                       state = CASE WHEN NOT %(switched)s THEN state
                                    WHEN active THEN 'ok' ELSE 'draft' END,
                       active = active OR %(switched)s
                 WHERE author_id IS NULL
                """,
                table=SQL.identifier(self._table),
                system=SUPERUSER_ID,
                switched=by_active,
            )
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        # sudo: the rules are everybody's; each is asked with its author's rights
        self.sudo().search([("state", "=", "ok")])._look_at()

    @api.model
    def _cron_look_at_all(self):
        """As ``_look_at_all``, rule by rule."""
        self.env["crm.job"]._work_off(
            *(
                Step(
                    f"crm_suite_base.look_at_{name}",
                    self.env[name].sudo(),  # sudo: the rules are everybody's
                    [("state", "=", "ok")],
                    lambda rules: rules._look_at(),
                    size=1,
                    person=lambda rule: rule._person_told(),
                )
                for name in self._rule_models()
            )
        )
