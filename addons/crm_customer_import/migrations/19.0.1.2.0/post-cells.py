def migrate(cr, version):
    """Rows of previews of before do not know which cell is wrong: those that wait are
    decided on anew, with what people decided so far."""
    if not version:
        return
    cr.execute(
        """UPDATE crm_customer_import_line line SET is_planned = false
             FROM crm_customer_import import
            WHERE import.id = line.import_id AND line.state = 'pending'
              AND import.state = 'preview' AND import.is_staged"""
    )
    cr.execute(
        """UPDATE crm_customer_import SET state = 'reading'
            WHERE state = 'preview' AND is_staged"""
    )
