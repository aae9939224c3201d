import psycopg2

from odoo import api, fields, models
from odoo.tools import html2plaintext, is_html_empty, mute_logger

from ..tools.content import excerpt

EXCERPT = 500
SENT = ("comment", "email_outgoing")


class CrmFollowup(models.Model):
    """Follow-ups that become records by themselves: finished activities, sent mails
    and held meetings."""

    _inherit = "crm.followup"

    @api.model
    def _create_from_sources(self, vals_list: list[dict]):
        """Create those whose source has not become a record yet.

        :param vals_list: with ``source_model`` and ``source_id``
        :return: the new records; a source that another transaction records at the
            same moment is left to it
        """
        fresh = self._without_known_sources(vals_list)
        if not fresh:
            return self.browse()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                # sudo: the system writes what happened, in the name of who did it
                return self.sudo().create(fresh)
        except psycopg2.errors.UniqueViolation:
            fresh = self._without_known_sources(vals_list)
            # sudo: as above
            return self.sudo().create(fresh) if fresh else self.browse()

    @api.model
    def _without_known_sources(self, vals_list: list[dict]) -> list[dict]:
        """Those whose source has no record about the same customer yet: a meeting
        planned on a contact was one with the customer."""
        by_model: dict[str, set[int]] = {}
        for vals in vals_list:
            by_model.setdefault(vals["source_model"], set()).add(vals["source_id"])
        known = set()
        for model, ids in by_model.items():
            # sudo: a source recorded by a colleague is recorded
            rows = self.sudo().search_fetch(
                [("source_model", "=", model), ("source_id", "in", list(ids))],
                ["source_id", "customer_id"],
            )
            known |= {(model, row.source_id, row.customer_id.id) for row in rows}
        customers = self._customers_of(vals_list)
        return [
            vals
            for vals in vals_list
            if (
                vals["source_model"],
                vals["source_id"],
                customers.get(vals.get("partner_id"), False),
            )
            not in known
        ]

    @api.model
    def _customers_of(self, vals_list: list[dict]) -> dict[int, int]:
        """:return: {id of a partner: id of its customer}"""
        ids = {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        # sudo: only which company a person belongs to
        partners = self.env["res.partner"].sudo().browse(ids)
        return {partner.id: partner.commercial_partner_id.id for partner in partners}

    # ------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------

    @api.model
    def _record_activities(self, activities, feedback, messages=None):
        """Follow-ups of activities that were just finished by the user.

        An activity that stands for a meeting is recorded as the meeting, so that the
        two are one.

        :param messages: {id of an activity: id of the message it left}
        """
        if not self._setting("record_activity"):
            return self.browse()
        vals_list = []
        for activity in activities:
            target = self._source_target(activity.res_model, activity.res_id)
            method = activity.activity_type_id.followup_method
            if target and method:
                vals_list.append(
                    {
                        **target,
                        **self._prepare_activity_source(activity),
                        "user_id": self.env.uid,
                        "method": method,
                        "content": self._activity_content(activity, feedback),
                        "origin": "activity",
                        "message_id": (messages or {}).get(activity.id),
                    }
                )
        return self._create_from_sources(vals_list)

    @api.model
    def _prepare_activity_source(self, activity) -> dict:
        source = activity.calendar_event_id or activity
        return {"source_model": source._name, "source_id": source.id}

    @api.model
    def _activity_content(self, activity, feedback) -> str:
        title = activity.summary or activity.activity_type_id.name or ""
        return "\n".join(filter(None, (title, feedback or activity.feedback))) or "–"

    @api.model
    def _source_target(self, model: str, res_id: int) -> dict | None:
        """The customer or lead of a record, ``None`` when it is neither."""
        if model not in ("res.partner", "crm.lead"):
            return None
        # sudo: who finished an activity may have lost the right to its record
        record = self.env[model].sudo().browse(res_id).exists()
        if not record:
            return None
        if model == "crm.lead":
            return {"lead_id": record.id, "partner_id": record.partner_id.id}
        return {"partner_id": record.id} if record.is_customer else None

    # ------------------------------------------------------------
    # MAILS
    # ------------------------------------------------------------

    @api.model
    def _record_mail(self, record, message, msg_values):
        """A follow-up of a message an employee sent to a customer.

        :param record: the partner or lead it was posted on
        """
        if not self._is_sent_to_customer(record, message, msg_values):
            return self.browse()
        target = self._source_target(record._name, record.id)
        if not target:
            return self.browse()
        body = msg_values.get("body") or ""
        text = "" if is_html_empty(body) else html2plaintext(body)
        parts = (message.subject, excerpt(text, EXCERPT))
        return self._create_from_sources(
            [
                {
                    **target,
                    "source_model": message._name,
                    "source_id": message.id,
                    "user_id": self.env.uid,
                    "method": "email",
                    "content": "\n".join(filter(None, parts)) or "–",
                    "origin": "mail",
                }
            ]
        )

    @api.model
    def _is_sent_to_customer(self, record, message, msg_values) -> bool:
        if (
            msg_values.get("message_type") not in SENT
            or not self.env.user._is_internal()
            or msg_values.get("author_id") != self.env.user.partner_id.id
            or not self._setting("record_mail")
        ):
            return False
        # sudo: whether recipients are colleagues
        recipients = message.sudo().partner_ids
        if any(recipients.mapped("partner_share")) or msg_values.get(
            "outgoing_email_to"
        ):
            return True
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        if msg_values.get("subtype_id") != comment:
            return False
        # sudo: whether followers are colleagues; nothing of them is shown
        return any(record.sudo().message_partner_ids.mapped("partner_share"))

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    @api.model
    def _record_meetings(self, events):
        """Follow-ups of meetings that are over: one per customer that took part, or
        one for the lead. Private ones stay private."""
        vals_list = []
        for event in events.filtered(lambda e: e.effective_privacy != "private"):
            vals_list += [
                {
                    **target,
                    "source_model": event._name,
                    "source_id": event.id,
                    "user_id": (event.user_id or event.create_uid).id,
                    "method": "visit",
                    "date": min(event.stop, fields.Datetime.now()),
                    "content": self._meeting_content(event),
                    "origin": "meeting",
                }
                for target in self._meeting_targets(event)
            ]
        return self._create_from_sources(vals_list)

    @api.model
    def _meeting_content(self, event) -> str:
        notes = "" if is_html_empty(event.notes) else html2plaintext(event.notes)
        place = event.location and self.env._("Place: %(place)s", place=event.location)
        parts = (event.name, place, excerpt(notes, EXCERPT))
        return "\n".join(filter(None, parts)) or "–"

    @api.model
    def _meeting_targets(self, event) -> list[dict]:
        """Who a meeting was with; attendees who declined were not there."""
        lead = event.opportunity_id
        if not lead and event.res_model == "crm.lead":
            lead = lead.browse(event.res_id).exists()
        declined = event.attendee_ids.filtered(lambda a: a.state == "declined")
        guests = (event.partner_ids - declined.partner_id).filtered("is_customer")
        if event.res_model == "res.partner":
            host = guests.browse(event.res_id).exists()
            guests |= host.filtered("is_customer")
        customers = guests.commercial_partner_id
        if lead:
            own = {"lead_id": lead.id, "partner_id": lead.partner_id.id}
            customers -= lead.partner_id.commercial_partner_id
            return [own, *({"partner_id": customer.id} for customer in customers)]
        return [{"partner_id": customer.id} for customer in customers]
