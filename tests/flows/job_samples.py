"""What each scheduled job of the suite has to do in ``test_jobs.py``.

A sample makes things that wait for its job and says, in SQL, what is to have been done
about them: ``done`` is one number, the same however the job was disturbed. A new job
without a sample fails there.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

from odoo import Command, fields

N = 6


class Work(NamedTuple):
    """``records``: what people may write while the job runs; ``done``: the query;
    ``expected``: its answer afterwards; ``daily``: the job tells of a day, so that on
    the next day it rightly tells again."""

    records: object
    done: str
    expected: int
    daily: bool = False


SAMPLES: dict[str, Callable] = {}
# jobs that are proven elsewhere
ELSEWHERE = {
    "crm_customer_import.ir_cron_customer_import": "tests/flows/test_import_kill.py",
}


def sample(name):
    def register(function):
        SAMPLES[name] = function
        return function

    return register


def among(records):
    return f"({','.join(map(str, records.ids)) or '0'})"


def backdate(env, records, days, *columns):
    env.flush_all()
    for column in columns:
        env.cr.execute(
            f"UPDATE {records._table} SET {column} = now() at time zone 'UTC'"
            f" - interval '{days} days' WHERE id IN {among(records)}"
        )
    env.invalidate_all()


def some_name():
    """One that no former sample has used."""
    return f"Job {uuid4().hex[:8]}"


def customers(env, count=N, **values):
    return env["res.partner"].create(
        [
            {
                "name": f"Job {number}",
                "email": f"job{number}@job.example",
                "lifecycle_state": "potential",
                "user_id": env.ref("base.user_admin").id,
                **values,
            }
            for number in range(count)
        ]
    )


def team(env, **values):
    return env["crm.service.team"].create(
        {
            "name": "Jobs",
            "user_id": env.ref("base.user_admin").id,
            "satisfaction_cooldown_days": 0,
            **values,
        }
    )


def tickets(env, service, count=N, **values):
    return env["crm.service.ticket"].create(
        [
            {
                "name": f"Job {partner.id}",
                "partner_id": partner.id,
                "team_id": service.id,
                **values,
            }
            for partner in customers(env, count)
        ]
    )


@sample("crm_customer_center.ir_cron_search_keys")
def search_keys(env):
    found = customers(env)
    env.flush_all()
    env.cr.execute(f"DELETE FROM crm_partner_key WHERE partner_id IN {among(found)}")
    return Work(
        found,
        "SELECT count(*) FROM crm_partner_key WHERE keys @@ 'Wjob'"
        f" AND partner_id IN {among(found)}",
        N,
    )


@sample("crm_customer_dedupe.ir_cron_pairs")
def doubles(env):
    found = customers(env)
    env.flush_all()
    env.cr.execute(f"DELETE FROM crm_customer_match WHERE partner_id IN {among(found)}")
    return Work(
        found,
        "SELECT count(*) FROM crm_customer_match"
        f" WHERE is_paired AND partner_id IN {among(found)}",
        N,
    )


@sample("crm_customer_pool.ir_cron_recycle")
def recycle(env):
    """Customers nobody works on, of whom the owner is to be warned."""
    found = customers(env)
    found.user_id = env.ref("base.user_admin")
    env["crm.customer.pool"].create(
        {"name": some_name(), "company_id": False, "is_default": True}
    )
    env["crm.pool.rule"].create(
        {"name": "Jobs", "sequence": 0, "domain": str([("id", "in", found.ids)])}
    ).action_start()
    backdate(env, found, 300, "create_date")
    return Work(
        found,
        "SELECT count(*) FROM crm_pool_watch"
        f" WHERE last_on IS NULL AND partner_id IN {among(found)}",
        N,
        daily=True,
    )


@sample("crm_customer_pool.ir_cron_give_back")
def given_back(env):
    """Customers that a night took, and somebody has just said to take it back."""
    found = customers(env)
    owner = env["res.users"].create({"name": some_name(), "login": some_name()})
    found.user_id = owner
    pool = env["crm.customer.pool"].create(
        {"name": some_name(), "company_id": False, "is_default": True}
    )
    rule = env["crm.pool.rule"].create({"name": "Jobs", "sequence": 0})
    run = env["crm.customer.run"].create(
        {"trigger": "nightly", "kind": "pool", "pool_rule_id": rule.id, "changed": N}
    )
    found._lose_owner(dict.fromkeys(found.ids, pool.id), "recycle", "Jobs", run.id)
    run.write({"state": "undoing", "rollback_user_id": env.ref("base.user_admin").id})
    return Work(
        found,
        "SELECT count(*) FROM res_partner p JOIN crm_pool_move m"
        " ON m.partner_id = p.id AND m.cause = 'undone'"
        f" WHERE p.user_id = {owner.id} AND p.id IN {among(found)}",
        N,
    )


@sample("crm_service_ticket.cron_satisfaction")
def ask(env):
    service = team(env)
    found = tickets(env, service, user_id=env.ref("base.user_admin").id)
    found._move_to("closed")
    surveys = found.survey_ids
    return Work(
        surveys,
        "SELECT count(*) FROM mail_mail m JOIN mail_message t"
        " ON t.id = m.mail_message_id WHERE m.job_key = 'crm_service_ticket.survey'"
        f" AND t.res_id IN {among(surveys)}",
        N,
    )


@sample("crm_service_ticket.ir_cron_close_silent")
def close(env):
    service = team(env, auto_close_days=7, auto_close_notice_days=0)
    found = tickets(env, service)
    found.action_wait()
    backdate(env, found, 30, "date_last_stage_update", "last_message_date")
    return Work(
        found,
        "SELECT count(*) FROM mail_message WHERE model = 'crm.service.ticket'"
        f" AND res_id IN {among(found)} AND body LIKE '%without a word%'",
        N,
    )


@sample("crm_service_ticket.ir_cron_escalate")
def escalate(env):
    service = team(env)
    found = tickets(env, service)
    env["crm.service.escalation.rule"].create(
        {"name": "Jobs", "minutes": 1, "team_ids": [Command.set(service.ids)]}
    )
    backdate(env, found, 1, "create_date")
    return Work(
        found,
        "SELECT count(*) FROM crm_service_ticket_handover"
        f" WHERE kind = 'rule' AND ticket_id IN {among(found)}",
        N,
    )


@sample("crm_service_ticket.ir_cron_aside")
def wake(env):
    found = tickets(env, team(env), user_id=env.ref("base.user_admin").id)
    found.write({"aside_until": fields.Datetime.now() - timedelta(hours=1)})
    return Work(
        found,
        "SELECT count(*) FROM mail_tracking_value v JOIN mail_message m"
        " ON m.id = v.mail_message_id JOIN ir_model_fields f ON f.id = v.field_id"
        " WHERE f.name = 'aside_until' AND v.new_value_datetime IS NULL"
        f" AND m.model = 'crm.service.ticket' AND m.res_id IN {among(found)}",
        N,
    )


@sample("crm_service_ticket.ir_cron_assign")
def assign(env):
    service = team(env, assignment_method="turn")
    member = env["crm.service.team.member"].create(
        {"team_id": service.id, "user_id": env.ref("base.user_admin").id}
    )
    member.paused = True
    found = tickets(env, service)
    member.paused = False
    return Work(
        found,
        "SELECT count(*) FROM crm_service_assignment"
        f" WHERE user_id IS NOT NULL AND ticket_id IN {among(found)}",
        N,
    )


@sample("crm_service_sla.ir_cron_sla")
def clock(env):
    service = team(env)
    env["crm.service.sla.policy"].search([]).active = False
    policy = env["crm.service.sla.policy"].create(
        {
            "name": "Jobs",
            "hours": "always",
            "first_response_minutes": 10,
            "resolution_minutes": 60,
        }
    )
    if "state" in policy._fields:
        policy.action_start()
    found = tickets(env, service)
    long_ago = fields.Datetime.now() - timedelta(days=2)
    env.flush_all()
    env.cr.execute(
        "UPDATE crm_service_sla_clock SET start = %s, since = %s, check_at = %s"
        f" WHERE ticket_id IN {among(found)}",
        [long_ago] * 3,
    )
    env.invalidate_all()
    return Work(
        found,
        "SELECT count(*) FROM crm_service_sla_event WHERE percent = 100"
        f" AND ticket_id IN {among(found)}",
        2 * N,
    )


@sample("crm_service_sla.ir_cron_sla_replay")
def replay(env):
    found = tickets(env, team(env))
    found._move_to("closed")
    policy = env["crm.service.sla.policy"].create(
        {"name": "Jobs", "resolution_minutes": 60}
    )
    replays = env["crm.service.sla.replay"].create(
        [{"name": f"Job {number}", "policy_ids": policy.ids} for number in range(3)]
    )
    replays.state = "running"
    return Work(
        replays,
        "SELECT count(*) FROM crm_service_sla_replay"
        f" WHERE state = 'done' AND id IN {among(replays)}",
        3,
    )


@sample("crm_followup.ir_cron_run_rules")
def plan(env):
    found = customers(env)
    env["crm.followup.rule"].with_context(active_test=False).search([]).unlink()
    env["crm.followup.rule"].create(
        [
            {
                "name": f"Job {number}",
                "domain": f"[('id', 'in', {found[number::3].ids})]",
                "days": 1,
                "remind_days": 1,
                "activity_type_id": env.ref("mail.mail_activity_data_call").id,
            }
            for number in range(3)
        ]
    )
    return Work(
        found,
        f"SELECT count(*) FROM crm_followup_task WHERE partner_id IN {among(found)}",
        N,
    )


def planned(env, due, **values):
    """Planned follow-ups, each of another person."""
    found = customers(env)
    people = env["res.users"].create(
        [
            {
                "name": f"Job {partner.id}",
                "login": f"job{partner.id}",
                "email": f"u{partner.id}@job.example",
                "notification_type": "inbox",
            }
            for partner in found
        ]
    )
    kind = env.ref("mail.mail_activity_data_call")
    model = env["ir.model"]._get_id("res.partner")
    activities = env["mail.activity"].create(
        [
            {
                "res_model_id": model,
                "res_id": partner.id,
                "activity_type_id": kind.id,
                "user_id": user.id,
                "date_deadline": due,
            }
            for partner, user in zip(found, people, strict=True)
        ]
    )
    tasks = env["crm.followup.task"].create(
        [
            {
                "partner_id": activity.res_id,
                "user_id": activity.user_id.id,
                "activity_id": activity.id,
                "date_due": due,
                **values,
            }
            for activity in activities
        ]
    )
    # every hour is working time
    env.company.resource_calendar_id.write(
        {
            "tz": "UTC",
            "attendance_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                            "day_period": "morning",
                        }
                    )
                    for day in range(7)
                ),
            ],
        }
    )
    return tasks


@sample("crm_followup.ir_cron_remind")
def remind(env):
    tasks = planned(env, env.company._today())
    return Work(
        tasks,
        "SELECT count(*) FROM mail_notification n JOIN mail_message m"
        " ON m.id = n.mail_message_id WHERE m.message_type = 'user_notification'"
        " AND m.subject = 'Your follow-ups'"
        f" AND n.res_partner_id IN {among(tasks.user_id.partner_id)}",
        N,
        daily=True,
    )


@sample("crm_followup.ir_cron_escalate")
def climb(env):
    boss = env.ref("base.user_admin")
    rule = env["crm.followup.rule"].create(
        {
            "name": "Jobs",
            "days": 30,
            "domain": "[('name', '=', 'nobody')]",
            "activity_type_id": env.ref("mail.mail_activity_data_call").id,
            "level_ids": [
                Command.create(
                    {
                        "delay": 1,
                        "unit": "days",
                        "target": "user",
                        "user_id": boss.id,
                    }
                )
            ],
        }
    )
    due = env.company._today() - timedelta(days=5)
    tasks = planned(env, due, rule_id=rule.id)
    return Work(
        tasks,
        "SELECT count(*) FROM crm_followup_task"
        f" WHERE escalation_level = 1 AND id IN {among(tasks)}",
        N,
    )


@sample("crm_followup.ir_cron_meetings")
def meet(env):
    start = fields.Datetime.now() - timedelta(hours=3)
    events = env["calendar.event"].create(
        [
            {
                "name": partner.name,
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [
                    Command.set([env.ref("base.partner_admin").id, partner.id])
                ],
                "user_id": env.ref("base.user_admin").id,
            }
            for partner in customers(env)
        ]
    )
    return Work(
        events,
        "SELECT count(*) FROM crm_followup WHERE source_model = 'calendar.event'"
        f" AND source_id IN {among(events)}",
        N,
    )


@sample("crm_sales_process.cron_remind_milestones")
def milestones(env):
    day = env.company._today() + timedelta(days=30)
    admin = env.ref("base.user_admin")
    leads = env["crm.lead"].create(
        [
            {"name": f"Job {number}", "type": "opportunity", "user_id": admin.id}
            for number in range(N)
        ]
    )
    found = env["crm.lead.milestone"].create(
        [
            {"name": "Job", "lead_id": lead.id, "date": day, "user_id": admin.id}
            for lead in leads
        ]
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE crm_lead_milestone SET remind_date = current_date - 1"
        f" WHERE id IN {among(found)}"
    )
    env.invalidate_all()
    return Work(
        found,
        "SELECT count(*) FROM mail_activity WHERE res_model = 'crm.lead'"
        f" AND res_id IN {among(leads)}",
        N,
    )


@sample("crm_sales_process.cron_assign_waiting_leads")
def waiting(env):
    env["ir.config_parameter"].set_param(
        "crm_sales_process.assignment_by_rules", "True"
    )
    rules = env["crm.lead.assignment.rule"]
    rules.search([]).action_archive()
    rules.create(
        {
            "name": "Jobs",
            "member_ids": [Command.create({"user_id": env.ref("base.user_admin").id})],
        }
    )
    leads = env["crm.lead"].create(
        [{"name": f"Job {number}", "user_id": False} for number in range(N)]
    )
    env.flush_all()
    # as if nobody had been there
    env.cr.execute(
        f"DELETE FROM crm_lead_assignment_log WHERE lead_id IN {among(leads)}"
    )
    env.cr.execute(
        "UPDATE crm_lead SET user_id = NULL, assignment_waiting = TRUE"
        f" WHERE id IN {among(leads)}"
    )
    env.invalidate_all()
    return Work(
        leads,
        "SELECT count(*) FROM crm_lead_assignment_log"
        f" WHERE user_id IS NOT NULL AND lead_id IN {among(leads)}",
        N,
    )


@sample("crm_reports.ir_cron_snapshot")
def snapshots(env):
    companies = env["res.company"].create(
        [{"name": some_name()} for _number in range(3)]
    )
    env["res.company"].search([]).report_snapshot_hour = 0
    return Work(
        companies,
        "SELECT count(*) FROM res_company WHERE report_snapshot_date IS NOT NULL"
        f" AND id IN {among(companies)}",
        3,
    )


@sample("crm_reports.ir_cron_send")
def reports(env):
    people = planned(env, env.company._today()).user_id
    subscription = env["crm.report.subscription"].create(
        {
            "dashboard": env["crm.dashboard"]._dashboard_list()[0].key,
            "period": "this_month",
            "user_ids": [Command.set(people.ids)],
        }
    )
    subscription._prepare_deliveries()
    # who is to get it has no role here: the failure is noted, and tried again; a day
    # later it is tried once more
    return Work(
        subscription,
        "SELECT count(*) FROM crm_report_delivery"
        f" WHERE tries = 1 AND state = 'waiting' AND subscription_id IN"
        f" {among(subscription)}",
        N,
        daily=True,
    )


@sample("crm_tagging.cron_tag_rules")
def tags(env):
    city = some_name()
    found = customers(env, city=city)
    group = env["res.partner.category"].create(
        [{"name": some_name()} for _number in range(3)]
    )
    rules = env["crm.tag.rule"].create(
        [
            {
                "name": tag.name,
                "domain": f"[('city', '=', '{city}')]",
                "add_tag_ids": [Command.set(tag.ids)],
                "schedule": "nightly",
            }
            for tag in group
        ]
    )
    rules.action_start()
    env.flush_all()
    env.cr.execute(
        "DELETE FROM res_partner_res_partner_category_rel"
        f" WHERE partner_id IN {among(found)}"
    )
    env.cr.execute(
        f"DELETE FROM crm_partner_tag_reason WHERE record_id IN {among(found)}"
    )
    env.invalidate_all()
    return Work(
        found,
        "SELECT count(*) FROM crm_partner_tag_reason WHERE kind = 'rule'"
        f" AND record_id IN {among(found)}",
        3 * N,
    )


@sample("crm_tagging.cron_refresh_segments")
def segments(env):
    city = some_name()
    found = customers(env, city=city)
    kept = env["crm.segment"].create(
        [
            {"name": some_name(), "domain": f"[('city', '=', '{city}')]"}
            for _number in range(3)
        ]
    )
    env.flush_all()
    env.cr.execute(f"DELETE FROM crm_segment_member WHERE segment_id IN {among(kept)}")
    env.cr.execute(
        f"UPDATE crm_segment SET last_refreshed = NULL WHERE id IN {among(kept)}"
    )
    env.invalidate_all()
    return Work(
        found,
        "SELECT count(*) FROM crm_segment_member"
        f" WHERE segment_id IN {among(kept)} AND partner_id IN {among(found)}",
        3 * N,
    )


@sample("crm_suite_base.ir_cron_job_mails")
def mails(env):
    found = env["mail.mail"].create(
        [
            {
                "subject": f"Job {partner.id}",
                "email_to": partner.email,
                "model": partner._name,
                "res_id": partner.id,
                "state": "exception",
                "failure_type": "mail_smtp",
                "job_key": "jobs",
                "job_outcome": "failed",
            }
            for partner in customers(env)
        ]
    )
    return Work(
        found,
        "SELECT count(*) FROM mail_mail WHERE state = 'outgoing' AND job_tries = 1"
        f" AND id IN {among(found)}",
        N,
    )


@sample("crm_suite_base.ir_cron_look_at_conditions")
def conditions(env):
    rules = env["crm.service.escalation.rule"].create(
        [{"name": some_name(), "minutes": 60} for _number in range(3)]
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE crm_service_escalation_rule SET domain = '[(''gone'', ''='', 1)]'"
        f" WHERE id IN {among(rules)}"
    )
    env.invalidate_all()
    return Work(
        rules,
        "SELECT count(*) FROM mail_activity"
        " WHERE res_model = 'crm.service.escalation.rule'"
        f" AND res_id IN {among(rules)}",
        3,
    )


@sample("crm_customer_center.ir_cron_customer_night")
def live(env):
    """Customers whose deals were won behind the back of the suite, and who have earned
    a level by them."""
    found = customers(env)
    deals = env["crm.lead"].create(
        [
            {
                "name": "Job",
                "type": "opportunity",
                "partner_id": partner.id,
                "user_id": False,
            }
            for partner in found
        ]
    )
    level = env["crm.customer.level"].create({"name": some_name(), "sequence": 0})
    env["crm.level.rule"].create(
        {
            "name": "Jobs",
            "sequence": 0,
            "level_id": level.id,
            "domain": str([("id", "in", found.ids)]),
        }
    ).action_start()
    env.flush_all()
    # to the second, as the job counts: a deal of a moment later waits for its time
    env.cr.execute(
        "UPDATE crm_lead SET won_status = 'won',"
        " date_closed = date_trunc('second', now() at time zone 'UTC')"
        f" WHERE id IN {among(deals)}"
    )
    return Work(
        found,
        "SELECT count(*) FROM res_partner p WHERE p.lifecycle_state = 'active'"
        f" AND p.customer_level_id = {level.id} AND p.id IN {among(found)}"
        " AND 2 = (SELECT count(*) FROM crm_lifecycle_move m WHERE m.partner_id = p.id)"
        " AND 1 = (SELECT count(*) FROM crm_level_move m WHERE m.partner_id = p.id)",
        N,
    )


@sample("crm_customer_center.ir_cron_handover")
def handed_over(env):
    """Customers of somebody who leaves, as their hand-over has just been written
    down."""
    leaver, receiver = env["res.users"].create(
        [{"name": some_name(), "login": some_name()} for _number in range(2)]
    )
    found = customers(env, user_id=leaver.id)
    handover = env["crm.handover"].create(
        {
            "person_id": leaver.id,
            "receiver_ids": [Command.create({"user_id": receiver.id})],
        }
    )
    handover._plan()
    return Work(
        found,
        "SELECT count(*) FROM res_partner p JOIN crm_handover_move m"
        " ON m.res_id = p.id AND m.res_model = 'res.partner' AND m.state = 'moved'"
        f" WHERE p.user_id = {receiver.id} AND p.id IN {among(found)}",
        N,
    )
