def migrate(cr, version):
    """Previews of before hold names nobody knows as values or as refusals: rows that
    wait are read anew, so that their words can be decided on. A list that was being
    imported goes back to its preview; what was imported stays done."""
    if not version:
        return
    cr.execute(
        """UPDATE crm_customer_import_line line SET is_planned = false
             FROM crm_customer_import import
            WHERE import.id = line.import_id AND line.state = 'pending'
              AND import.state IN ('preview', 'importing') AND import.is_staged"""
    )
    cr.execute(
        """UPDATE crm_customer_import SET state = 'reading'
            WHERE state IN ('preview', 'importing') AND is_staged"""
    )
