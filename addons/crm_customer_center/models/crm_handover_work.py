from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.tools.journal import Entry, take_back

from .crm_handover_sources import HandoverSource

# so much is done at once, while the person waits
DIRECT = 200
BATCH = 100
INSERTED = 2000
# no mail for each record; the receivers get one message each
QUIET = {
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "dont_notify": True,
    "skip_attendee_notification": True,
    # histories say who had it and who got it, whatever the client says
    "tracking_disable": False,
    "mail_notrack": False,
}


class CrmHandover(models.Model):
    """How it is done: written down, worked off in batches, told."""

    _inherit = "crm.handover"

    def _hands(self, model: str):
        """Return a model with the rights of who hands over, in all the own companies,
        without a mail for each record."""
        user = self.user_id
        companies = user.company_ids.ids
        # sudo(False): nothing is handed over that this person might not write by hand
        records = self.env[model].with_user(user).sudo(False)
        return records.with_context(
            **QUIET, allowed_company_ids=companies, lang=user.lang
        )

    # ------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------

    def _plan(self):
        """Write down each record that is to be handed over."""
        mine = self.with_user(self.user_id)
        sources = mine._readable_sources()
        self.state = "running"
        self.flush_recordset()  # now, so that of two at once one is told
        for line in self.line_ids.filtered(lambda line: line.way != "leave"):
            source = sources[line.key]
            domain = mine._source_domain(source, sources)
            records = self._hands(source.model).search(domain, order="id")
            writable = _may_hand_over(source, records)
            vals = [line._prepare_move(record, record in writable)
                    for record in records]  # fmt: skip
            for some in split_every(INSERTED, vals, list):
                self.env["crm.handover.move"].create(some)

    def _plan_again(self):
        """Let wait once more what could not be handed over and may be now."""
        mine = self.with_user(self.user_id)
        sources = mine._readable_sources()
        stuck = self.move_ids.filtered(lambda move: move.state == "left")
        for line, own in stuck.grouped("line_id").items():
            if line.key in sources:
                source = sources[line.key]
                hands = self._hands(source.model)
                records = hands.browse(own.mapped("res_id")).exists()
                may = set(_may_hand_over(source, records._filtered_access("read")).ids)
                own.filtered(lambda move, may=may: move.res_id in may).write(
                    {"state": "waiting", "reason": False}
                )
        self.state = "running"

    def _go_on(self):
        """Do a little at once, or wake the job for much."""
        if len(self._waiting_moves(limit=DIRECT + 1)) > DIRECT:
            self.env.ref("crm_customer_center.ir_cron_handover")._trigger()
            return None
        self._work(self)
        return self._notice()

    # ------------------------------------------------------------
    # WORK
    # ------------------------------------------------------------

    @api.model
    def _cron_work(self):
        """Go on with all that is being handed over or taken back."""
        self._work(self.search([("state", "in", ("running", "undoing"))]))

    def _work(self, handovers):
        steps = [*handovers._steps(), handovers._last_step()] if handovers else []
        self.env["crm.job"]._work_off(*steps)

    def _last_step(self) -> Step:
        """What is to be done when nothing waits any more: one that cannot be told
        holds up no other."""
        return Step(
            key="crm_customer_center.handover_end",
            model=self.browse(),
            domain=[
                ("id", "in", self.ids),
                ("state", "in", ("running", "undoing")),
                ("move_ids", "not any", [("state", "in", ("waiting", "returning"))]),
            ],
            work=lambda some: [one._finish() for one in some] and None,
            person=lambda one: one.user_id,
        )

    def _waiting_moves(self, limit=None):
        return self.env["crm.handover.move"].search(
            [
                ("handover_id", "in", self.ids),
                ("state", "in", ("waiting", "returning")),
            ],
            limit=limit,
        )

    def _steps(self) -> list[Step]:
        """Return the kinds of records that wait, customers first: what belongs to them
        goes with them."""
        waiting = [
            ("handover_id", "in", self.ids),
            ("state", "in", ("waiting", "returning")),
        ]
        moves = self.env["crm.handover.move"]
        kinds = moves._read_group(waiting, ["sequence", "res_model"])
        for _sequence, model in kinds:
            if model not in self.env:  # its module was uninstalled meanwhile
                gone = moves.search([*waiting, ("res_model", "=", model)])
                gone._leave(self.env._("It is gone."))
        return [
            Step(
                key=f"crm_customer_center.handover.{model}",
                model=moves,
                domain=[
                    *waiting, ("sequence", "=", sequence), ("res_model", "=", model),
                ],
                work=lambda some: some._work(),
                size=BATCH,
                person=lambda move: move.handover_id.user_id,
                locks=lambda some, model=model: (
                    some.env[model].browse(some.mapped("res_id")).exists()
                ),
            )
            for sequence, model in kinds
            if model in self.env
        ]  # fmt: skip

    def _finish(self):
        """Count, and tell each receiver once."""
        states = [move.state for move in self.move_ids]
        if self.state == "undoing":
            self.write(
                {
                    "state": "rolled_back",
                    "restored": states.count("back"),
                    "left_alone": states.count("kept"),
                    "rollback_date": fields.Datetime.now(),
                }
            )
            return
        self.write(
            {
                "state": "done",
                "changed": states.count("moved"),
                "date_done": fields.Datetime.now(),
            }
        )
        self._tell_receivers()

    def _tell_receivers(self):
        moved = self.move_ids.filtered(
            lambda move: move.state == "moved" and not move.is_told
        )
        for user, own in moved.grouped("after_id").items():
            if user != self.user_id and user.active:
                records = own._most_telling()
                translated = self.with_context(lang=user.lang)
                title = translated.env._(
                    "%(person)s handed over to you from %(old)s: %(what)s",
                    person=self.user_id.name,
                    old=self.person_id.name,
                    what=own.with_context(lang=user.lang)._in_numbers(),
                )
                user._tell_of_work(records, title, self.note or "")
        moved.is_told = True

    def _notice(self):
        """What came of it, for who waits."""
        if self.state == "rolled_back":
            message = self.env._(
                "%(restored)s are as before, %(left)s were changed since and left "
                "alone.",
                restored=self.restored,
                left=self.left_alone,
            )
        else:
            message = self.env._(
                "%(moved)s handed over, %(left)s could not be.",
                moved=self.changed,
                left=self.stuck_count,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if self.stuck_count else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class CrmHandoverMove(models.Model):
    """How single records change hands."""

    _inherit = "crm.handover.move"

    def _work(self):
        """Do some that wait, line by line."""
        for line, own in self.grouped("line_id").items():
            sources = line.handover_id.with_user(
                line.handover_id.user_id
            )._readable_sources()
            source = sources.get(line.key)
            if not source:
                own._leave(self.env._("Who hands over may not see this any more."))
                continue
            for is_back, some in own.grouped(lambda m: m.state == "returning").items():
                if is_back:
                    some._return(source)
                else:
                    some._hand_over(source)

    def _records(self, source: HandoverSource):
        """Return the records that are still there, to be written in the name of who
        hands over: that one may have lost the right by giving the customer away."""
        # sudo: whether they may be written was asked when they were written down
        hands = self.handover_id._hands(source.model).sudo()
        return hands.browse(self.mapped("res_id")).exists()

    def _leave(self, reason: str):
        self.write({"state": "left", "reason": reason})

    # ------------------------------------------------------------
    # THERE
    # ------------------------------------------------------------

    def _hand_over(self, source: HandoverSource):
        handover = self.handover_id
        records = self._records(source)
        present = {record.id: record[source.field] for record in records}
        fit = self.browse()
        for reason, some in self.grouped(lambda move: move._obstacle(present)).items():
            if reason:
                some._leave(reason)
            else:
                fit = some
        if not fit:
            return
        chosen = self.line_id._choose(fit, source, records)
        for user, some in fit.grouped(lambda move: chosen.get(move.id)).items():
            if not user:
                some._leave(self.env._("Nobody of those who take over gets it."))
            else:
                some._give(source, handover.person_id, user)

    def _obstacle(self, present: dict) -> str:
        """Return why the record cannot be handed over, if so."""
        if self.res_id not in present:
            return self.env._("It is gone.")
        if present[self.res_id] != self.before_id:
            return self.env._("Somebody else has it by now.")
        return ""

    def _give(self, source: HandoverSource, old, new):
        """Write the person, all at once; what refuses is left with its reason."""
        records = self._records(source)
        before = _beside(source, records)

        def attempt(moves):
            some = records.browse(moves.mapped("res_id"))
            _write_person(source, some, old, new)
            some.flush_recordset()

        job = self.env["crm.job"]
        failed = dict(job._isolate(self, attempt))
        for move, error in failed.items():
            move._leave(job._reason(error))
        done = self - self.browse(move.id for move in failed)
        after = _beside(source, records)
        done.write({"state": "moved", "after_id": new.id})
        for kept, some in done.grouped(
            lambda m: (before[m.res_id], after[m.res_id])
        ).items():
            if kept[0] != kept[1]:
                some.beside = [list(kept[0]), list(kept[1])]

    # ------------------------------------------------------------
    # AND BACK
    # ------------------------------------------------------------

    def _return(self, source: HandoverSource):
        """Compare and set: what is with somebody else by now stays there."""
        records = self._records(source)
        present = {record.id: record[source.field].id for record in records}
        entries = [Entry(m.res_id, m.before_id.id, m.after_id.id) for m in self]
        back = take_back(entries, present).back
        fit = self.filtered(lambda move: move.res_id in back)
        (self - fit).state = "kept"
        job = self.env["crm.job"]
        for (old, new), some in fit.grouped(
            lambda move: (move.after_id, move.before_id)
        ).items():

            def attempt(moves, old=old, new=new):
                own = records.browse(moves.mapped("res_id"))
                beside = _beside(source, own)
                _write_person(source, own, old, new)
                moves._return_beside(source, own, beside)
                own.flush_recordset()

            failed = dict(job._isolate(some, attempt))
            for move, error in failed.items():
                move.write({"state": "kept", "reason": job._reason(error)})
            (some - self.browse(move.id for move in failed)).state = "back"

    def _return_beside(self, source, records, beside: dict):
        """Bring back what had followed the person, unless it was changed since."""
        groups = defaultdict(list)
        for move in self.filtered("beside"):
            before, after = move.beside
            if list(beside[move.res_id]) == after:
                groups[tuple(before)].append(move.res_id)
        for before, ids in groups.items():
            some = records.browse(ids)
            some.write(dict(zip(source.beside, before, strict=True)))

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _in_numbers(self) -> str:
        """Return how many of which kind."""
        return ", ".join(
            f"{line.name} {len(own)}" for line, own in self.grouped("line_id").items()
        )

    def _most_telling(self):
        """Return the records of the first kind, customers if there are any."""
        line = self.line_id.sorted(lambda one: (one.sequence, one.id))[0]
        own = self.filtered(lambda move: move.line_id == line)
        return self.env[own[0].res_model].browse(own.mapped("res_id"))


def _may_hand_over(source: HandoverSource, records):
    """Return those of the records that who reads them here might write by hand."""
    return records if source.is_system else records._filtered_access("write")


def _write_person(source: HandoverSource, records, old, new):
    if source.move:
        source.move(records, old, new)
    else:
        records.write({source.field: new.id})


def _beside(source: HandoverSource, records) -> dict:
    """Return what follows the person by itself, by id."""
    return {
        record.id: tuple(record[name].id for name in source.beside)
        for record in records
    }
