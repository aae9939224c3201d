import time
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..statements import tag_undoing

KEEP_DAYS = "crm_tagging.keep_runs_days"
DEFAULT_KEEP_DAYS = 90
# how many are forgotten at once
GC_BATCH = 100
# what was begun since then is of this night, whatever day it has become
SAME_NIGHT = timedelta(hours=12)


class CrmTagRun(models.Model):
    """A run of rules over all records with its journal, or a rehearsal of one.

    A run goes family by family (see ``tag_plan.order``), each in one statement. What
    is left to do stands in ``pending``, so that a nightly run goes on where it was
    interrupted.
    """

    _name = "crm.tag.run"
    _description = "Run of Tag Rules"
    _order = "id desc"
    _rec_names_search = ("user_id",)

    trigger = fields.Selection(
        [("manual", "By hand"), ("nightly", "Nightly"), ("rehearsal", "Rehearsal")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("rehearsed", "Rehearsed"),
            ("done", "Done"),
            ("rolled_back", "Rolled Back"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True)
    rule_ids = fields.Many2many(
        "crm.tag.rule",
        "crm_tag_run_rule_rel",
        "run_id",
        "rule_id",
        string="Rules",
        readonly=True,
    )
    pending = fields.Json(readonly=True)
    seconds = fields.Float("Duration (s)", readonly=True)
    added = fields.Integer("Put On", readonly=True)
    removed = fields.Integer("Taken Off", readonly=True)
    moved = fields.Integer(
        "Other Rule",
        readonly=True,
        help="Tags that stayed, but for another rule's reason.",
    )
    line_ids = fields.One2many("crm.tag.run.line", "run_id", readonly=True)
    tag_line_ids = fields.One2many("crm.tag.run.tag", "run_id", readonly=True)
    fight_note = fields.Text("Overruled", readonly=True)
    restored = fields.Integer("Taken Back", readonly=True)
    left_alone = fields.Integer(
        "Changed Since",
        readonly=True,
        help="Changed by hand or by another rule after the run, so left alone.",
    )
    rollback_date = fields.Datetime("Rolled Back On", readonly=True)
    rollback_user_id = fields.Many2one("res.users", "Rolled Back By", readonly=True)

    @api.depends("trigger", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        labels = dict(self._fields["trigger"]._description_selection(self.env))
        for run in self:
            when = format_datetime(self.env, run.create_date, dt_format="short")
            run.display_name = f"{labels.get(run.trigger, '')} {when}"

    # ------------------------------------------------------------
    # STARTING
    # ------------------------------------------------------------

    @api.model
    def _check_administrator(self):
        """Runs see and change all records: for tag administrators only.

        :raises AccessError: for everybody else
        """
        if not self.env.su and not self.env.user.has_group(
            "crm_tagging.group_tag_manager"
        ):
            raise AccessError(self.env._("Only a tag administrator runs tag rules."))

    @api.model
    def _rehearse(self, rules):
        """Write the journal of what the rules would do, and do nothing.

        :param rules: saved rules, drafts as well; their families are asked, too
        :return: the run
        """
        self._check_administrator()
        rules.check_access("read")
        run = self._start(rules, "rehearsal")
        while run.pending:
            run._process_batch()
        return run.with_env(self.env)

    @api.model
    def _run_now(self, rules):
        """Run rules, and those that share tags with them, over all records.

        :return: the run
        :raises UserError: while other rules are being run
        """
        self._check_administrator()
        rules.check_access("write")
        run = self._start(rules, "manual")
        while run.pending:
            run._process_batch()
        return run.with_env(self.env)

    @api.model
    def _start(self, rules, trigger):
        """Create the run with the families of the rules pending."""
        # sudo: only the engine writes runs
        runs = self.sudo()
        rules = rules.with_env(runs.env)
        in_use = rules.search([("state", "=", "ok")])._sound() | rules
        wanted = set(rules.ids)
        families = [
            list(family)
            for level in in_use.sorted(lambda r: (r.sequence, r.id))._compile().levels
            for family in level
            if wanted & set(family)
        ]
        everybody = {rule_id for family in families for rule_id in family}
        return runs.create(
            {
                "trigger": trigger,
                "user_id": self.env.uid,
                "company_id": rules.company_id.id if len(rules) == 1 else False,
                "rule_ids": [fields.Command.set(sorted(everybody))],
                "pending": families,
            }
        )

    # ------------------------------------------------------------
    # RUNNING
    # ------------------------------------------------------------

    def _process_batch(self):
        """Run the next family of rules; does not commit.

        :return: how many families are left
        """
        self.ensure_one()
        engine = self.env["crm.tag.engine"]
        rehearsal = self.trigger == "rehearsal"
        if not rehearsal:
            engine._take_turn()
        if not self.pending:
            # all its rules are gone
            self.state = "rehearsed" if rehearsal else "done"
            return 0
        started = time.monotonic()
        family, *left = self.pending
        rules = self.rule_ids.browse(family).exists()
        rules = rules.filtered(
            lambda rule: rule.active and (rehearsal or rule.state == "ok")
        )
        rows = self._run_family(rules) if rules else []
        self._count(rules, rows, rehearsal)
        self.seconds += time.monotonic() - started
        self.pending = left
        if not left:
            self.state = "rehearsed" if rehearsal else "done"
        return len(left)

    def _run_family(self, rules):
        """Run a family; rules that fail are stopped, and the others run."""
        engine = self.env["crm.tag.engine"]
        apply = self.trigger != "rehearsal"
        if apply and not (rules := rules._sound()):
            return []
        program = (self.rule_ids & rules)._compile()
        infos = [program.rules[rule.id] for rule in rules]
        try:
            with self.env.cr.savepoint():
                return engine._run_rules(self, infos, program, apply)
        except Exception as error:
            if self.env["crm.job"]._is_nobodys_fault(error):
                raise
            if not apply:
                raise UserError(
                    self.env._("The rehearsal failed: %s", error)
                ) from error
            working = rules.filtered(lambda rule: engine._works(program.rules[rule.id]))
            if working == rules:
                # it is the batch that fails, not one of the conditions
                for info in infos:
                    engine._stop_rule(info, error)
                return []
            return self._run_family(working) if working else []

    def _count(self, rules, rows, rehearsal):
        """Keep the figures of a family.

        :param rows: as from ``_run_rules``
        """
        counts = defaultdict(lambda: defaultdict(int))
        for action, rule_id, tag_id, _winner, count in rows:
            counts[rule_id][action] += count
            if action in ("add", "remove"):
                self.tag_line_ids._add(self, rules[:1].model, tag_id, action, count)
        self.added += sum(count["add"] for count in counts.values())
        self.removed += sum(count["remove"] for count in counts.values())
        self.moved += sum(count["move"] for count in counts.values())
        notes = self._fight_notes(rules, rows)
        if notes:
            lines = [self.fight_note or "", *(n for ns in notes.values() for n in ns)]
            self.fight_note = "\n".join(filter(None, lines))
        if not rehearsal:
            for rule in rules.exists():
                rule.write(
                    {
                        "last_run_date": self.env.cr.now(),
                        "last_added": counts[rule.id]["add"],
                        "last_removed": counts[rule.id]["remove"],
                        "fight_note": "\n".join(notes.get(rule.id, [])) or False,
                    }
                )

    def _fight_notes(self, rules, rows):
        """Return ``{rule id: sentences}`` on where rules were overruled."""
        notes = defaultdict(list)
        Tags = self.env[rules[:1].model or "res.partner"]._tagging_spec().tag_model
        for action, rule_id, tag_id, winner_id, count in rows:
            if action != "beaten":
                continue
            values = {
                "rule": rules.browse(rule_id).name,
                "tag": self.env[Tags].browse(tag_id).display_name,
                "count": count,
            }
            if winner_id:
                note = self.env._(
                    "“%(rule)s”, %(tag)s: on %(count)s records “%(winner)s” has the "
                    "say.",
                    winner=rules.browse(winner_id).name,
                    **values,
                )
            else:
                note = self.env._(
                    "“%(rule)s”, %(tag)s: %(count)s records carry another tag of the "
                    "group that is not a rule's.",
                    **values,
                )
            notes[rule_id].append(note)
        return notes

    # ------------------------------------------------------------
    # ROLLING BACK
    # ------------------------------------------------------------

    def action_rollback(self):
        """Bring back the state before the run, reasons included.

        What was changed since by a person or another run stays, and is counted.
        """
        self.ensure_one()
        self._check_administrator()
        self.check_access("read")
        if self.state != "done":
            raise UserError(
                self.env._("Only a run that is done can be rolled back, and only once.")
            )
        # sudo: an administrator of tags takes back a run wherever it went
        run = self.sudo()
        self.env["crm.tag.engine"]._take_turn()
        for model in set(
            self.env["crm.tag.rule"]._fields["model"].get_values(self.env)
        ):
            run._rollback_model(self.env[model]._tagging_spec())
        restored = run.line_ids.search_count(
            [("run_id", "=", run.id), ("restored", "=", True)]
        )
        total = run.line_ids.search_count([("run_id", "=", run.id)])
        run.write(
            {
                "state": "rolled_back",
                "restored": restored,
                "left_alone": total - restored,
                "rollback_date": fields.Datetime.now(),
                "rollback_user_id": self.env.uid,
            }
        )
        return self._rollback_notice()

    def _rollback_notice(self):
        if self.left_alone:
            message = self.env._(
                "%(restored)s tags are as before; %(left)s were changed since and left "
                "alone. Rules in use put tags on again: stop them first if they should "
                "not.",
                restored=self.restored,
                left=self.left_alone,
            )
        else:
            message = self.env._(
                "%s tags are as before. Rules in use put tags on again: stop them "
                "first if they should not.",
                self.restored,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Rolled back"),
                "message": message,
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _rollback_model(self, spec):
        self.env["crm.tag.run.line"].flush_model()
        self.env["crm.tag.group"].flush_model(["exclusive"])
        self._take_stock(spec)
        rows = [
            row
            for statement in tag_undoing.undo(spec, self.id)
            for row in self.env.execute_query(statement)
        ]
        self.line_ids.invalidate_model(["restored"])
        if rows:
            self.env["crm.tag.engine"]._tags_moved(spec, {row[0] for row in rows})

    def _take_stock(self, spec):
        """Let the database know how many rows there are: those of a run that has just
        been are so new to it that it would go through them all for each of them."""
        relation = spec.identifiers()
        for table in ("reason_table", "relation"):
            self.env.cr.execute(SQL("ANALYZE %s", relation[table]))
        self.env.cr.execute("ANALYZE crm_tag_run_line")

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    def _action_open(self, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_run(self):
        """Run the rules that were rehearsed."""
        self.ensure_one()
        return self.rule_ids.action_run()

    def action_lines(self):
        """Open who gains and loses; ``tag_action`` in the context filters."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_tagging.action_tag_run_line"
        )
        return action | {"domain": [("run_id", "=", self.id)]}

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Run the nightly rules family by family, going on where it was interrupted."""
        self._nightly_run()
        self.env["crm.job"]._work_off(
            Step(
                "crm_tagging.nightly",
                self,
                [("trigger", "=", "nightly"), ("state", "=", "running")],
                lambda run: run._go_on(),
                size=1,
            )
        )

    def _go_on(self):
        """Run the next family of a nightly run.

        :return: the run, as long as there are more
        """
        self.ensure_one()
        try:
            self._process_batch()
        except UserError:
            # somebody runs rules by hand: go on in a while
            later = fields.Datetime.now() + timedelta(minutes=5)
            self.env.ref("crm_tagging.cron_tag_rules")._trigger(later)
            return self.browse()
        return self.filtered("pending")

    @api.model
    def _nightly_run(self):
        """Return the nightly run that was interrupted, on whatever day, or a new one;
        none without rules. Of the last night's a rest is done with the next night's,
        so that each ends and can be rolled back."""
        unfinished = self.search(
            [("trigger", "=", "nightly"), ("state", "=", "running")], limit=1
        )
        recent = fields.Datetime.now() - SAME_NIGHT
        if unfinished and unfinished.create_date > recent:
            return unfinished
        rules = self.env["crm.tag.rule"].search([("state", "=", "ok")])
        nightly = rules._sound()._nightly()
        return self._start(nightly, "nightly") if nightly else unfinished

    @api.autovacuum
    def _gc_runs(self):
        """Forget rehearsals after a day, journals after 90 (or as configured)."""
        # sudo: one setting, by its name
        days = self.env["ir.config_parameter"].sudo().get_param(KEEP_DAYS)
        days = int(days or DEFAULT_KEEP_DAYS)
        old = self.search(
            [
                "|",
                ("create_date", "<", f"today -{days}d"),
                "&",
                ("trigger", "=", "rehearsal"),
                ("create_date", "<", "-1d"),
            ],
            limit=GC_BATCH,
        )
        old.unlink()
        return len(old), len(old) == GC_BATCH
