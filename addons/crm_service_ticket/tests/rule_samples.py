"""A sample of each kind of rule of this module, for the tests that hold for every
rule (``crm_suite_base/tests/test_rule_battery.py``): its values, and what uses it."""

from odoo.addons.crm_service_ticket.tools.ticket_form import read_form


def escalation(env):
    return {"name": "Sample", "minutes": 60, "event": "unanswered"}


def escalate(env, rule):
    env["crm.service.escalation.rule"]._run_due()


def intake(env):
    return {"name": "Sample", "priority": "2"}


def come_in(env, rule):
    # sudo: as the page of the form does
    tickets = env["crm.service.ticket"].sudo()
    values = read_form({"name": "x", "description": "x"}, {}, known=True).values
    tickets._create_from_form(values, env["ir.attachment"])


SAMPLES = {
    "crm.service.escalation.rule": escalation,
    "crm.service.intake.rule": intake,
}
USES = {
    "crm.service.escalation.rule": escalate,
    "crm.service.intake.rule": come_in,
}
