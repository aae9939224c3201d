"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""

from odoo.tools import mute_logger


def line(env):
    measures = env["crm.measure"]._measures().values()
    report = env["crm.report.view"].create(
        {
            "name": "Sample",
            "group_by": "person",
            "line_ids": [(0, 0, {"measure": "lost_share"})],
        }
    )
    measure = next(one for one in measures if one.model == "res.partner")
    report.line_ids.unlink()
    return {"report_id": report.id, "measure": measure.key}


def open_report(env, rule):
    report = rule.report_id
    if rule.state == "ok":
        other = next(
            one
            for one in env["crm.measure"]._measures().values()
            if one.model == "res.partner" and one.key != rule.measure
        )
        report.line_ids = [(0, 0, {"measure": other.key})]
    # what the database refuses is counted once more, and said
    with mute_logger("odoo.addons.crm_reports.models.crm_dashboard"):
        assert report.get_report()


SAMPLES = {"crm.report.view.line": line}
USES = {"crm.report.view.line": open_report}
