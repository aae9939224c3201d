from . import crm_report_backfill
