from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.history import Change, value_at
from ..tools.policy import Facts

TRACKED = ("partner_id", "priority", "stage_id", "team_id", "type_id")
# what types were tracked as before they were records
KIND = "ticket_type"
LEVEL = "customer_level_id"


class CrmServiceTicket(models.Model):
    """What tickets were when their clocks ended, as Odoo's tracking tells it."""

    _inherit = "crm.service.ticket"

    def _sla_facts_at(self, pairs: Iterable[tuple[Any, datetime]]) -> list[Facts]:
        """Return what policies ask of these tickets as it was at some moments.

        What was changed without being tracked, such as by an import, counts as it is
        now. Constant queries for any number of tickets and moments.

        :param pairs: a ticket of these and a moment in UTC
        """
        changes = self._sla_changes(self, (*TRACKED, KIND))
        self._sla_add_kinds(changes)
        levels_at = self._sla_levels(changes)
        teams = self._sla_records_ever("team_id", changes)
        found = []
        for ticket, moment in pairs:
            then = {
                name: value_at(changes[ticket.id, name], _present(ticket, name), moment)
                for name in TRACKED
            }
            found.append(
                Facts(
                    company=ticket.company_id.id or None,
                    type_id=then["type_id"],
                    priority=then["priority"],
                    level=levels_at(then["partner_id"], moment),
                    team=then["team_id"] if then["team_id"] in teams.ids else None,
                    stage=then["stage_id"],
                )
            )
        return found

    @api.model
    def _sla_add_kinds(self, changes):
        """A change from a kind is one from the shipped type of this kind."""
        types = self.env["crm.service.ticket.type"]
        for record_id, name in [key for key in changes if key[1] == KIND]:
            own = changes[record_id, "type_id"]
            own += [
                change._replace(before=types._of_kind(change.before).id)
                for change in changes[record_id, name]
            ]
            own.sort(key=lambda change: change.moment)

    def _sla_levels(self, changes) -> Callable[[int | None, datetime], int | None]:
        """Return what tells the level a customer had at a moment: the own one, else
        that of the company."""
        partners = self._sla_records_ever("partner_id", changes)
        both = {one.id: (one | one.commercial_partner_id).ids for one in partners}
        partners |= partners.commercial_partner_id
        now = {partner.id: partner[LEVEL].id or None for partner in partners}
        levels = self._sla_changes(partners, [LEVEL])
        self._sla_add_level_moves(levels, partners)

        def level_at(partner_id: int | None, moment: datetime) -> int | None:
            held = (
                value_at(levels[key, LEVEL], now[key], moment)
                for key in both.get(partner_id, ())
            )
            return next(filter(None, held), None)

        return level_at

    def _sla_add_level_moves(self, levels, partners):
        """Levels that rules gave at night stand in a history of their own."""
        # sudo: what applied to a ticket does not hang on who asks
        moves = self.env["crm.level.move"].sudo()
        found = moves.search(
            [
                ("partner_id", "in", partners.ids),
                ("cause", "in", ["rule", "none", "undone"]),
            ],
            order="known_at, id",
        )
        for move in found:
            own = levels[move.partner_id.id, LEVEL]
            own.append(Change(move.known_at, move.from_level_id.id or None))
            own.sort(key=lambda change: change.moment)

    def _sla_records_ever(self, name: str, changes):
        """The records these tickets have or had in a field, without those that are
        gone."""
        former = {
            change.before
            for (_ticket, changed), own in changes.items()
            if changed == name
            for change in own
            if change.before
        }
        return (self[name] | self[name].browse(former)).exists()

    @api.model
    def _sla_changes(self, records, names: Sequence[str]) -> dict:
        """Tracked changes by record's id and field, oldest first.

        The transaction that made a change counts, not the message about it, which
        comes at its end.
        """
        self.env["mail.tracking.value"].flush_model()
        self.env["mail.message"].flush_model(["model", "res_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT message.res_id, field.name, value.create_date,"
                " value.old_value_integer, value.old_value_char"
                " FROM mail_message message"
                " JOIN mail_tracking_value value ON value.mail_message_id = message.id"
                " JOIN ir_model_fields field ON field.id = value.field_id"
                " WHERE message.model = %s AND message.res_id = ANY(%s)"
                " AND field.name = ANY(%s) ORDER BY value.create_date, value.id",
                records._name,
                list(records.ids),
                list(names),
            )
        )
        keys = {
            name: self._sla_keys(name)
            for name in names
            if records._fields[name].type == "selection"
        }
        found = defaultdict(list)
        for record_id, name, moment, number, label in rows:
            before = keys[name].get(label) if name in keys else number or None
            # a choice that has another name by now cannot be told any more
            if before or name not in keys:
                found[record_id, name].append(Change(moment, before))
        return found

    @api.model
    def _sla_keys(self, name: str) -> dict[str, str]:
        """The keys of a choice by label: tracking keeps the label only, in the
        language of who made the change."""
        return {
            label: key
            for code, _language in self.env["res.lang"].get_installed()
            for key, label in self.with_context(lang=code)._sla_choices(name)
        }


def _present(ticket, name: str):
    """A fact as it is now: an id, a choice's key, ``None`` for nothing."""
    value = ticket[name]
    return (value.id if isinstance(value, models.BaseModel) else value) or None
