"""Won deals that were put away since were dated to that day; the history of stages
knows the day they were won. Those it does not know stay as they are."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE crm_lead lead
           SET date_closed = won.day
          FROM (
            SELECT move.lead_id, max(move.date_entered) AS day
              FROM crm_lead_stage_move move
              JOIN crm_stage stage ON stage.id = move.stage_id AND stage.is_won
         LEFT JOIN crm_stage origin ON origin.id = move.from_stage_id
             WHERE move.entry IN ('created', 'moved', 'converted')
               AND move.is_slip IS NOT TRUE
               AND origin.is_won IS NOT TRUE
          GROUP BY move.lead_id
               ) won
         WHERE won.lead_id = lead.id
           AND lead.active IS NOT TRUE
           AND lead.won_status = 'won'
           AND lead.date_closed > won.day + interval '1 minute'
        """
    )
