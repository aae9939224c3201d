from typing import NamedTuple

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize_all, html2plaintext

from odoo.addons.crm_customer_center.tools.search_keys import fold
from odoo.addons.crm_suite_base.models.crm_rule_mixin import RuleBroken
from odoo.addons.crm_suite_base.models.crm_rule_mixin_ask import RuleInfo

from ..tools import intake
from .crm_service_mail import MADE, NEW
from .crm_service_ticket_type import PRIORITIES
from .crm_service_ticket_typed import brought_by

MAIL, FORM = "mail", "form"
WAYS = [("any", "Mails and forms"), (MAIL, "Mails"), (FORM, "Forms")]
CHANNELS = {MAIL: ("email",), FORM: ("web", "portal")}
#: What is typed of a rule, and what stands for it in the figures of a rehearsal.
ASKED = ("words", "senders", "receivers")
#: What a rule sets; one value each. Tags are added.
SET = ("type_id", "team_id", "priority", "user_id")
#: Mails and forms that a rule is tried on.
PAST = 300


class IntakeInfo(NamedTuple):
    """A rule as plain values; ``ways`` are those it is about."""

    rule: RuleInfo
    asked: intake.Asked
    ways: tuple[str, ...]
    stops: bool


class CrmServiceIntakeRule(models.Model):
    """Says of a mail or form, by its words, its sender or the address it was sent to,
    what kind of ticket it becomes, whose and how urgent.

    The rules are asked once, in their order, while the ticket is being made: before it
    is given to somebody and before the clock begins. What one has set, a later one
    leaves; what the customer chose stays, unless the rule says otherwise. One that
    fails is stopped, and the ticket is made without it. See docs/adr/0023.
    """

    _name = "crm.service.intake.rule"
    _description = "Rule for Incoming Mail and Forms"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = "crm.service.ticket"
    # what it sets as well: one that was stopped for it is mended by another choice
    _condition_fields = ("domain", *ASKED, "match", "ways", "words_in", *SET)
    _check_company_auto = True
    _rehearsed_last = PAST

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    # when
    ways = fields.Selection(WAYS, "Applies To", required=True, default="any")
    words = fields.Char(
        "Keywords",
        help="Separated by commas; one of them is enough. Whole words, Chinese "
        "anywhere in the text; capitals, width and script do not count.",
    )
    words_in = fields.Selection(
        [("all", "Subject and text"), ("subject", "Subject only")],
        "Look In",
        required=True,
        default="all",
    )
    senders = fields.Char(
        "From",
        help="Addresses separated by commas, or @acme.cn for everybody there; one of "
        "them is enough.",
    )
    receivers = fields.Char(
        "Our Addresses",
        help="Addresses of ours separated by commas, of a team or one that is passed "
        "on to it; one of them is enough. Forms are sent to no address.",
    )
    match = fields.Selection(
        [("all", "All of these"), ("any", "One of these")],
        "Needed",
        required=True,
        default="all",
        help="Words, sender and address. Further conditions have to be met anyway.",
    )
    domain = fields.Char(
        "Further Conditions", help="On the ticket, as it would be without the rule."
    )
    # then
    type_id = fields.Many2one(
        "crm.service.ticket.type",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Brings its team and priority along, where the rule names none.",
    )
    team_id = fields.Many2one(
        "crm.service.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    priority = fields.Selection(PRIORITIES)
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        domain="[('share', '=', False)]",
        help="Empty: as the team assigns.",
    )
    tag_ids = fields.Many2many(
        "crm.tag",
        "crm_service_intake_rule_tag_rel",
        "rule_id",
        "tag_id",
        string="Add Tags",
    )
    overrules = fields.Boolean(
        "Also What the Customer Chose",
        help="Changes the type even where the customer has chosen one in the form.",
    )
    stops = fields.Boolean(
        "Then No Further Rule", help="The rules below this one are not asked."
    )

    @api.model
    def _compiled_fields(self):
        return super()._compiled_fields() | {"stops"}

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("senders", "receivers")
    def _check_addresses(self):
        for rule in self:
            for part in intake.parts(f"{rule.senders or ''},{rule.receivers or ''}"):
                if intake.no_address(fold(part)):
                    raise ValidationError(
                        self.env._(
                            "“%s” is neither an address nor the end of one. Write "
                            "someone@acme.cn, or @acme.cn for everybody there.",
                            part,
                        )
                    )

    # the name, for a new one says nothing of the fields it leaves empty
    @api.constrains("name", "stops", "tag_ids", *SET)
    def _check_does_something(self):
        for rule in self:
            if not (rule.stops or rule.tag_ids or any(rule[name] for name in SET)):
                raise ValidationError(
                    self.env._(
                        "“%s” would change nothing. Choose a type, team, priority, "
                        "agent or tag, or that no further rule is asked.",
                        rule.name,
                    )
                )

    def _check_usable(self):
        """:raises RuleBroken: what the rule sets was archived meanwhile"""
        for name in ("type_id", "team_id", "user_id"):
            record = self[name]
            if record and not record.active:
                raise RuleBroken(
                    self.env._(
                        "“%s” is archived. Choose another one, or bring it back.",
                        record.display_name,
                    )
                )

    # ------------------------------------------------------------
    # THE RULE AS PLAIN VALUES
    # ------------------------------------------------------------

    def _book_entry(self):
        return IntakeInfo(self._rule_info(), self._asked(), self._about(), self.stops)

    def _asked(self) -> intake.Asked:
        words, senders, receivers = (
            intake.parts(fold(self[name] or "")) for name in ASKED
        )
        return intake.Asked(
            words,
            senders,
            receivers,
            self.match == "all",
            self.words_in == "subject",
        )

    def _about(self) -> tuple[str, ...]:
        return (MAIL, FORM) if self.ways == "any" else (self.ways,)

    # ------------------------------------------------------------
    # A NEW TICKET
    # ------------------------------------------------------------

    @api.model
    def _set_up(self, ticket, way: str, letter: intake.Letter):
        """Let the rules in use say what becomes of a mail or form.

        :param ticket: that is being made of it, as superuser
        """
        said: set[str] = set()
        notes = []
        for info in self._rule_book():
            is_met = way in info.ways and intake.met(info.asked, letter)
            if not is_met or not self._match_safely(info.rule, ticket):
                continue
            rule, is_done = self.browse(info.rule.id), False
            with rule._isolated():
                if note := rule._set(ticket, way, said):
                    notes.append(note)
                said.update(name for name in SET if rule[name])
                is_done = True
            if info.stops and is_done:
                break
        if notes:
            ticket._message_log(
                body=Markup("<br/>").join(notes),
                author_id=self.env.ref("base.partner_root").id,
            )

    def _set(self, ticket, way, said) -> Markup | str:
        """Set what the rule says.

        :param said: names of fields that earlier rules have set
        :return: what stands about it on the ticket, "" where nothing changed
        """
        self._check_usable()
        values = self._values_for(ticket, way, said)
        if not values:
            return ""
        person = ticket.team_id.user_id
        lang = person.lang or ticket.company_id.partner_id.lang
        rule = self.with_context(lang=lang)
        words = rule.env._(
            "Set by the rule “%(rule)s”: %(what)s",
            rule=rule.name,
            what=rule._in_words(ticket, values),
        )
        if "type_id" in values and (lost := ticket._said_of_type()):
            told = "; ".join(f"{label}: {value}" for label, value in lost)
            words = f"{words} ({told})"
        # the note says it, and whose doing it was
        ticket.with_context(mail_notrack=True).write(values)
        return escape(words)

    def _values_for(self, ticket, way, said=()) -> dict:
        """Return what the rule changes of a ticket."""
        self.ensure_one()
        wanted = {name: self[name] for name in SET if self[name]}
        if "type_id" in wanted and not self.overrules and _is_chosen(ticket, way):
            del wanted["type_id"]
        if "type_id" in wanted and "type_id" not in said:
            brought = brought_by(self.env, self.type_id, ticket.company_id.id)
            wanted = {**brought, **wanted}
        values = {
            name: getattr(value, "id", value)
            for name, value in wanted.items()
            if name not in said
        }
        changed = {
            name: value
            for name, value in values.items()
            if value != getattr(ticket[name], "id", ticket[name])
        }
        if added := self.tag_ids - ticket.tag_ids:
            changed["tag_ids"] = [Command.link(tag) for tag in added.ids]
        return changed

    def _in_words(self, ticket, values) -> str:
        """Return what would change of a ticket, from what to what."""
        ticket = ticket.with_env(self.env)
        return "; ".join(
            self.env._(
                "%(field)s: %(value)s",
                field=ticket._fields[name]._description_string(self.env),
                value=self._new_value(ticket, name, value),
            )
            for name, value in values.items()
        )

    def _new_value(self, ticket, name, value) -> str:
        if name == "tag_ids":
            return "+ " + ", ".join((self.tag_ids - ticket.tag_ids).mapped("name"))
        field = ticket._fields[name]
        if field.type == "selection":
            names = dict(field._description_selection(self.env))
            was, becomes = names.get(ticket[name]), names.get(value)
        else:
            was, becomes = ticket[name], ticket[name].browse(value)
            # sudo: of an agent or team the name, for who may read the ticket
            was, becomes = was.sudo().display_name, becomes.sudo().display_name
        return f"{was or '–'} → {becomes}"

    # ------------------------------------------------------------
    # REHEARSAL
    # ------------------------------------------------------------

    def _past(self) -> dict:
        """Return the last mails and forms as far as the person sees them, by their
        tickets."""
        channels = [one for way in self._about() for one in CHANNELS[way]]
        tickets = self.env["crm.service.ticket"].with_context(active_test=False)
        found = tickets.search(
            [("channel", "in", channels)], order="id desc", limit=self._rehearsed_last
        )
        return {ticket: _letter_of(ticket) for ticket in found}

    def _among(self):
        """What the rule asks is asked of the last mails and forms."""
        asked = self._asked()
        met = [t.id for t, letter in self._past().items() if intake.met(asked, letter)]
        # those put away are mails and forms as well
        return Domain("id", "in", met) & Domain("active", "in", [True, False])

    def _would(self, tickets):
        self._check_usable()
        nothing = self.env._("nothing: it is so already")
        return {
            ticket.id: self._in_words(ticket, values) if values else nothing
            for ticket in tickets
            for values in [self._values_for(ticket, _way_of(ticket))]
        }

    def _because(self, record):
        met = intake.met(self._asked(), _letter_of(record))
        found = [
            self.env._(
                "%(field)s: %(value)s",
                field=self._fields[name]._description_string(self.env),
                value=", ".join(parts),
            )
            for name, parts in zip(ASKED, met or (), strict=False)
            if parts
        ]
        return "; ".join(filter(None, [*found, super()._because(record)]))


def _way_of(ticket) -> str:
    return MAIL if ticket.channel in CHANNELS[MAIL] else FORM


def _is_chosen(ticket, way) -> bool:
    """Whether the customer has chosen the type: another one than the form begins with,
    or one whose fields were filled in."""
    if way != FORM:
        return False
    preset = ticket.type_id._preset(ticket.company_id)
    return ticket.type_id != preset or any((ticket.type_properties or {}).values())


def new_letter(ticket, senders=(), receivers="") -> intake.Letter:
    """Return the mail or form that a new ticket is being made of.

    :param senders: who wrote it, as their mail says
    :param receivers: all to whom it was sent
    """
    known = email_normalize_all(", ".join(filter(None, senders)))
    return intake.Letter(
        fold(ticket.name or ""),
        fold(html2plaintext(ticket.description or "")[: intake.LONGEST]),
        _folded([*known, ticket.email_normalized]),
        _folded(email_normalize_all(receivers or "")),
    )


def _letter_of(ticket) -> intake.Letter:
    """Return the mail or form that a ticket was made of."""
    mail = ticket.incoming_mail_ids.filtered(lambda one: one.outcome in (NEW, MADE))
    mail = mail.sorted("id")[:1]
    # sudo: the address of a team is no secret to who reads its mail
    receivers = mail.receivers or mail.sudo().addressed_team_id.alias_email or ""
    letter = new_letter(ticket, [mail.sender or ""], receivers)
    return letter._replace(subject=fold(mail.subject)) if mail.subject else letter


def _folded(addresses) -> tuple[str, ...]:
    return (*dict.fromkeys(fold(one) for one in addresses if one),)
