from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, is_html_empty

from ..tools.timeline import excerpt
from .res_partner_timeline import TimelineKind, TimelineLine, TimelineSource
from .res_partner_timeline_fold import count_folded, unfolded_domain

# what Odoo writes by itself
SYSTEM_TYPES = ("notification", "auto_comment")
MESSAGE_FIELDS = (
    "model",
    "res_id",
    "subject",
    "body",
    "author_id",
    "email_from",
    "message_type",
    "subtype_id",
    "mail_activity_type_id",
)


class ResPartner(models.Model):
    """What the hub itself knows of a customer's past: opportunities, messages,
    activities, meetings and changes."""

    _inherit = "res.partner"

    @api.model
    def _customer_timeline_kinds(self):
        return super()._customer_timeline_kinds() + [
            TimelineKind(
                "opportunity",
                self.env._("Opportunities"),
                "fa-star",
                tone="orange",
                sequence=30,
            ),
            TimelineKind(
                "mail", self.env._("Messages"), "fa-envelope-o", "blue", sequence=20
            ),
            TimelineKind(
                "activity", self.env._("Activities"), "fa-check", "teal", sequence=40
            ),
            TimelineKind(
                "meeting", self.env._("Meetings"), "fa-calendar", "teal", sequence=45
            ),
            TimelineKind("change", self.env._("Changes"), "fa-cog", sequence=90),
        ]

    def _customer_timeline_sources(self):
        sources = super()._customer_timeline_sources()
        sources += self._timeline_lead_sources()
        sources += self._timeline_message_sources()
        sources.append(self._timeline_meeting_source())
        return sources

    def _customer_timeline_threads(self):
        threads = super()._customer_timeline_threads()
        return threads | {"crm.lead": self._customer_family("partner_id")}

    # ------------------------------------------------------------
    # OPPORTUNITIES
    # ------------------------------------------------------------

    def _timeline_lead_sources(self) -> list[TimelineSource]:
        """A lead comes in, and is won or lost."""
        family = self._customer_family("partner_id")
        shared = {
            "kind": "opportunity",
            "model": "crm.lead",
            "person": "user_id",
            "text": ("name",),
        }
        return [
            TimelineSource(
                key="lead_created",
                moment="create_date",
                domain=family,
                fields=("name", "type", "expected_revenue", "create_uid", "company_id"),
                render=self._render_created_leads,
                sequence=60,
                **shared,
            ),
            TimelineSource(
                key="lead_closed",
                moment="date_closed",
                domain=family & Domain("won_status", "in", ("won", "lost")),
                fields=(
                    "name",
                    "won_status",
                    "expected_revenue",
                    "user_id",
                    "lost_reason_id",
                    "company_id",
                ),
                render=self._render_closed_leads,
                sequence=10,
                **shared,
            ),
        ]

    def _render_created_leads(self, leads):
        for lead in leads:
            is_deal = lead.type == "opportunity"
            yield TimelineLine(
                self.env._("New opportunity") if is_deal else self.env._("New lead"),
                text=lead.name,
                person=lead.create_uid,
                badge=self._timeline_amount(lead),
            )

    def _render_closed_leads(self, leads):
        for lead in leads:
            won = lead.won_status == "won"
            yield TimelineLine(
                self.env._("Opportunity won")
                if won
                else self.env._("Opportunity lost"),
                text=lead.name,
                person=lead.user_id,
                badge=self._timeline_amount(lead),
                tone="green" if won else "red",
                icon="fa-trophy" if won else "fa-times",
            )

    def _timeline_amount(self, lead) -> str:
        """The amount of an opportunity in words, nothing where there is none."""
        if not lead.expected_revenue:
            return ""
        return lead.company_currency.format(lead.expected_revenue)

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def _timeline_message_sources(self) -> list[TimelineSource]:
        """What was written on the documents that the reader may read, who therefore may
        read the messages: Odoo's rule, said as a domain."""
        if not self.env["mail.message"].has_access("read"):
            return []
        shown = Domain("message_type", "!=", "user_notification")
        done = Domain("mail_activity_type_id", "!=", False)
        system = Domain("message_type", "in", SYSTEM_TYPES)
        shared = {
            "model": "mail.message",
            "moment": "date",
            "fields": MESSAGE_FIELDS,
            "person": "author_id",
            "text": ("subject", "body"),
            "by_domain": True,
            "threads": True,
        }
        return [
            TimelineSource(
                key="mails",
                kind="mail",
                domain=shown & ~done & ~system,
                render=self._render_mails,
                sequence=30,
                **shared,
            ),
            TimelineSource(
                key="activities",
                kind="activity",
                domain=shown & done,
                render=self._render_activities,
                sequence=40,
                **shared,
            ),
            TimelineSource(
                key="changes",
                kind="change",
                domain=shown & ~done & system & unfolded_domain(self),
                render=self._render_changes,
                sequence=90,
                **shared,
            ),
        ]

    def _render_mails(self, messages):
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        for message in messages:
            is_note = message.subtype_id.id == note
            is_mail = message.message_type in ("email", "email_outgoing")
            title = (
                self.env._("Note")
                if is_note
                else self.env._("E-mail")
                if is_mail
                else self.env._("Message")
            )
            yield TimelineLine(
                message.subject or title,
                text=self._timeline_words(message.body),
                icon="fa-sticky-note-o" if is_note else "",
                **self._timeline_message_links(message),
            )

    def _render_activities(self, messages):
        """Odoo writes "Call done: subject" on the first line, then what was said."""
        for message in messages:
            text = html2plaintext(message.body or "", include_references=False)
            first, _break, said = text.strip().partition("\n")
            subject = first.partition(": ")[2]
            yield TimelineLine(
                self.env._("Done: %(what)s", what=message.mail_activity_type_id.name),
                text=excerpt(" · ".join(filter(None, (subject, said)))),
                icon=message.mail_activity_type_id.icon or "",
                **self._timeline_message_links(message),
            )

    def _render_changes(self, messages):
        """A new owner is news, other changes are folded away."""
        # sudo: those of fields that the reader may not read are left out
        values = messages.sudo().tracking_value_ids._filter_has_field_access(self.env)
        owner = self.env["ir.model.fields"]._get("res.partner", "user_id")
        by_message = values.grouped("mail_message_id")
        folded = count_folded(
            self,
            [m.id for m in by_message if (m.model, m.res_id) == (self._name, self.id)],
        )
        for message in messages:
            told = by_message.get(message, values.browse())
            is_owner = owner in told.field_id
            yield TimelineLine(
                self.env._("New owner")
                if is_owner
                else message.subtype_id.description or self.env._("Changed"),
                text=self._change_text(told) or self._timeline_words(message.body),
                icon="fa-user" if is_owner else "",
                noise=not is_owner,
                folded=folded.get(message.id, 0),
                **self._timeline_message_links(message),
            )

    def _change_text(self, values) -> str:
        """Changes of fields in words: field, value before, value after."""
        empty = self.env._("(empty)")
        return " · ".join(
            self.env._(
                "%(field)s: %(old)s → %(new)s",
                field=value["fieldInfo"]["changedField"],
                old=value["oldValue"] or empty,
                new=value["newValue"] or empty,
            )
            for value in values._tracking_value_format()
        )

    def _timeline_message_links(self, message) -> dict:
        document = self.env[message.model].browse(message.res_id)
        return {"person": message.author_id, "about": document, "opens": document}

    def _timeline_words(self, body) -> str:
        return (
            ""
            if is_html_empty(body)
            else excerpt(html2plaintext(body, include_references=False))
        )

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    def _timeline_meeting_source(self) -> TimelineSource:
        """Meetings that have begun; private ones of others stay private."""
        meetings = self.env["calendar.event"]
        guests = self._customer_family("partner_ids")
        mine = Domain("partner_ids", "in", self.env.user.partner_id.ids)
        public = Domain(meetings._get_default_privacy_domain())
        return TimelineSource(
            key="meetings",
            kind="meeting",
            model="calendar.event",
            moment="start",
            domain=guests
            & (mine | public)
            & Domain("start", "<=", fields.Datetime.now()),
            fields=("name", "location", "user_id", "duration", "allday"),
            render=self._render_meetings,
            person="user_id",
            text=("name", "location"),
            sequence=50,
        )

    def _render_meetings(self, meetings):
        for meeting in meetings:
            yield TimelineLine(
                meeting.name,
                text=meeting.location or "",
                person=meeting.user_id,
            )
