def ask_to_take_over(tickets):
    """Return what asks before tickets are taken from colleagues, with who has them and
    since when; nothing where none has one."""
    held = tickets.filtered(lambda t: t.user_id and t.user_id != tickets.env.user)
    if not held:
        return None
    action = tickets.env["ir.actions.act_window"]._for_xml_id(
        "crm_service_ticket.action_take_wizard"
    )
    return {**action, "context": {"default_ticket_ids": tickets.ids}}


def held_since(tickets) -> dict:
    """Return since when the agents of tickets have them, by ticket id; one query.

    Where no change of the agent is on record, the ticket was made with it.
    """
    field = tickets.env["ir.model.fields"]._get("crm.service.ticket", "user_id")
    # sudo: moments alone, of tickets the user reads
    changes = tickets.env["mail.tracking.value"].sudo()
    found = changes.search_fetch(
        [
            ("field_id", "=", field.id),
            ("mail_message_id.model", "=", "crm.service.ticket"),
            ("mail_message_id.res_id", "in", tickets.ids),
        ],
        ["create_date", "mail_message_id"],
        order="id",
    )
    moments = {ticket.id: ticket.create_date for ticket in tickets}
    moments.update((row.mail_message_id.res_id, row.create_date) for row in found)
    return moments
