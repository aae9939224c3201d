"""Rows of the assignment log have one shape now, with the names of that time."""


def migrate(cr, version):
    """Name the persons of the former rows as far as they are still known."""
    cr.execute(
        """
        UPDATE crm_service_assignment AS log
           SET candidates = (
                   SELECT jsonb_agg(
                              (row.one - 'key') || jsonb_build_object(
                                  'user', row.one -> 'key',
                                  'name', coalesce(partner.name, '?')
                              )
                              ORDER BY row.place
                          )
                     FROM jsonb_array_elements(log.candidates)
                          WITH ORDINALITY AS row(one, place)
                LEFT JOIN res_users AS person
                       ON person.id = (row.one ->> 'key')::int
                LEFT JOIN res_partner AS partner ON partner.id = person.partner_id
               )
         WHERE jsonb_typeof(log.candidates) = 'array'
           AND log.candidates -> 0 ? 'key'
        """
    )
