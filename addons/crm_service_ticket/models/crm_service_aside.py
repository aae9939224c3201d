from odoo import api, fields, models

from odoo.addons.crm_suite_base.models.crm_job import Step

#: what is cleared when a ticket comes back
AWAKE = {"aside_until": False, "aside_by_id": False, "aside_reason": False}


class CrmServiceAside(models.AbstractModel):
    """Tickets asleep: put aside until a moment, back by themselves, and at once when
    the customer writes. Nothing else of them stops."""

    _name = "crm.service.aside"
    _description = "Tickets Put Aside"

    @api.model
    def _put_aside(self, tickets, until, reason):
        """Put tickets to sleep; who does that to what nobody has, is its agent.

        :param tickets: the user may change them, and has their turn
        :param until: in UTC
        """
        me = self.env.user
        tickets._track_set_log_message(reason or "")
        for agent, group in tickets.grouped("user_id").items():
            # sudo: system fields
            group.sudo().write(
                {
                    **({} if agent else {"user_id": me.id}),
                    "aside_until": until,
                    "aside_by_id": me.id,
                    "aside_reason": reason or False,
                }
            )
        # sudo: the job is only called for that moment
        job = self.env.ref("crm_service_ticket.ir_cron_aside").sudo()
        job._trigger(at=until)

    @api.model
    def _wake(self, tickets):
        """Bring back those that sleep."""
        # sudo: system fields; whoever wakes them, a customer too, has been let in
        asleep = tickets.sudo().filtered("aside_until")
        if asleep:
            asleep.write(AWAKE)
        return asleep

    @api.model
    def _act_wake(self, tickets):
        """Bring them back by hand."""
        tickets._take_turn_to_change()
        self._wake(tickets)

    # ------------------------------------------------------------
    # WHEN THE TIME HAS COME
    # ------------------------------------------------------------

    @api.model
    def _cron_wake(self):
        """Wake what has slept long enough, and say so to whoever has it."""
        self._process(fields.Datetime.now())

    @api.model
    def _process(self, now) -> int:
        """:return: how many came back"""
        # sudo: the job's own; it sees every ticket
        tickets = self.env["crm.service.ticket"].sudo()
        return self.env["crm.job"]._work_off(
            Step(
                "crm_service_ticket.aside",
                tickets,
                [("aside_until", "<=", now)],
                self._come_back,
                order="aside_until, id",
                person=tickets._job_person,
            )
        )

    @api.model
    def _come_back(self, tickets):
        """Wake tickets and tell each person of those that are his, once."""
        known = {
            ticket: (ticket.user_id or ticket.aside_by_id, ticket.aside_reason)
            for ticket in tickets
        }
        self._wake(tickets)
        for user, group in tickets.grouped(lambda ticket: known[ticket][0]).items():
            if user:
                self._tell(user, group, [known[ticket][1] for ticket in group])

    @api.model
    def _tell(self, user, tickets, reasons):
        """In the language of who hears it."""
        translated = self.with_context(lang=user.lang)
        if len(tickets) == 1:
            title = translated.env._("Back on your desk: %s", tickets.display_name)
        else:
            title = translated.env._("%s tickets are back on your desk", len(tickets))
        known = dict.fromkeys(reason for reason in reasons if reason)
        user._tell_of_work(tickets, title, "; ".join(known))
