#!/usr/bin/env python3
"""The pictures of the documentation, taken from a running server with demo data.

`make screenshots` starts the server and calls this with CRM_SUITE_URL and
CRM_SUITE_BROWSER set. Each picture is taken as the person who daily uses the screen,
wide and on a phone, in English and in Chinese. The workbook of the import pictures is
made here: a title row, GBK text, repeated customers, a bad phone number and a bad
credit code. `make screenshots k=ticket` takes only those with "ticket" in their name;
several words are separated by commas.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import xlwt
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
# people of the demo data by their role and the language they read
LOGINS = {
    "rep": {"": "rep.li", "-zh": "rep.zhang"},
    "manager": {"": "manager.wu", "-zh": "manager.zhou"},
    "administrator": {"": "admin", "-zh": "admin.he"},
    "service": {"": "admin", "-zh": "service.liu"},
    "service-manager": {"": "admin", "-zh": "service.sun"},
    # on the website: customers from Germany and China, and somebody without a login
    "customer": {"": "markus.feldmann", "-zh": "kong.linghui"},
    "stranger": {"": "", "-zh": ""},
}
BROWSER_LANGUAGES = {"": "en-US", "-zh": "zh-CN"}
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run",
                    "--disable-background-networking", "--disable-sync"]  # fmt: skip
SETTLE = 1500
RULES = "/odoo/action-crm_tagging.action_tag_rule"
# without the filters of the board
TICKETS = "/odoo/action-crm_service_ticket.action_ticket_customer"
POLICIES = "/odoo/action-crm_service_sla.action_policy"
# behind the five answers of the mail that two customers of the demo have not answered
QUESTION = "/service/rate/demo-hengce-question-"
# what tells that a page is there: of the web client, of the website
READY = ".o_action_manager > *, #wrap > *"
# which pictures to take, all when empty
WANTED = [word for word in os.environ.get("k", "").split(",") if word]


class Shot(NamedTuple):
    """A picture: its name, the path it opens, what is done there first, whose it is,
    and whether it is taken in the dark."""

    name: str
    path: str
    act: Callable[[Page, str], None] | None = None
    role: str = "rep"
    dark: bool = False


def open_first_customer(page: Page, size: str) -> None:
    """Open a customer that has people, deals and a level."""
    page.goto(f"{page.url.split('/odoo')[0]}/odoo/customer-centre?view_type=list")
    page.wait_for_selector(".o_data_row, .o_kanban_record")
    row = ".o_data_row" if size == "wide" else ".o_kanban_record"
    owned = page.locator(
        f"{row}:has(.o_m2o_avatar img, .o_avatar img):has-text('有限公司')"
    ).first
    (owned.locator("[name=complete_name]") if size == "wide" else owned).click()
    page.wait_for_selector(".o_customer_360_tile")


def show_preview(page: Page, _size: str) -> None:
    """Upload the old list and read its preview."""
    page.wait_for_selector("input[type=file]", state="attached")
    page.set_input_files(
        "input[type=file]",
        {
            "name": "客户名单.xls",
            "mimeType": "application/vnd.ms-excel",
            "buffer": old_list(),
        },
    )
    page.wait_for_selector(".o_crm_import_cards")


def open_first_segment(page: Page, size: str) -> None:
    """Open a segment in the editor of tags."""
    row = ".o_data_row [name=name]" if size == "wide" else ".o_kanban_record"
    page.locator(f"{row}:has-text('华东重点客户')").first.click()
    page.wait_for_selector(".o_tag_expression_total")


def choose_by_tags(page: Page, size: str) -> None:
    """Open the dialog of tags above the customers, with the choice of a row."""
    if size == "phone":
        page.click(".o_control_panel .btn:has(.fa-search)")
    if page.locator(".o_searchview_dropdown_toggler:visible").count():
        page.click(".o_searchview_dropdown_toggler:visible")
    page.click(".o_open_tag_filter")
    page.click(".o_tag_expression_picker .o_select_menu_toggler")
    page.wait_for_selector(".o_tag_expression_count:not(:empty)")


def open_service(page: Page, _size: str) -> None:
    """Open the dashboard of service, for a quarter."""
    page.click("button[data-dashboard=service]")
    page.click(".o_crm_period")
    page.click(".dropdown-item[data-period=last_90]")
    page.wait_for_selector(".o_crm_loaded[data-loaded='service last_90']")


def open_tag_rule(page: Page, _size: str) -> None:
    """Open a tag rule that has not run yet."""
    row = ".o_data_row:has-text('无人负责') [name=name]"
    page.locator(f"{row}, .o_kanban_record:has-text('无人负责')").first.click()
    page.wait_for_selector(".o_field_widget[name=domain]")


def rehearse_tag_rule(page: Page, size: str) -> None:
    """Open a tag rule and rehearse it."""
    open_tag_rule(page, size)
    if not page.locator("button[name=action_rehearse]:visible").count():
        page.click(".o_statusbar_buttons button:has(.oi-ellipsis-v)")
    page.click("button[name=action_rehearse]:visible")
    page.wait_for_selector(".o_field_widget[name=tag_line_ids], [name=line_ids]")


def ask_why(page: Page, size: str) -> None:
    """Open a customer and ask why it has its tags."""
    page.goto(f"{page.url.split('/odoo')[0]}/odoo/customer-centre?view_type=list")
    page.wait_for_selector(".o_data_row, .o_kanban_record")
    row = ".o_data_row" if size == "wide" else ".o_kanban_record"
    tagged = page.locator(f"{row}:has(.o_tag)").first
    (tagged.locator("[name=complete_name]") if size == "wide" else tagged).click()
    page.click(".o_crm_tag_why:visible")
    page.wait_for_selector(".o_crm_tag_reasons")


def write_follow_up(page: Page, _size: str) -> None:
    """Open the dialog of the first item of My Day and choose a next date."""
    page.wait_for_selector(".o_my_day_follow_up")
    page.locator(".o_my_day_follow_up").first.click()
    page.wait_for_selector(".o_followup_dialog")
    page.locator(".o_followup_next .btn, .o_followup_next .badge").nth(1).click()


def show_history(page: Page, size: str) -> None:
    """Open a customer and scroll to what was written about it."""
    open_first_customer(page, size)
    page.locator(".o_notebook .nav-link[name=followups]").click()
    page.evaluate("document.querySelector('.o_notebook').scrollIntoView()")


def open_first_rule(page: Page, _size: str) -> None:
    """Open the first rule of the list."""
    page.wait_for_selector(".o_data_row")
    page.locator(".o_data_row [name=name]").first.click()
    page.wait_for_selector(".o_form_view")


def open_ticket(page: Page, size: str) -> None:
    """Open the ticket of the gateway that drops out, at the technician's."""
    page.wait_for_selector(".o_data_row, .o_kanban_record")
    row = ".o_data_row" if size == "wide" else ".o_kanban_record"
    found = page.locator(f"{row}:has-text('网关固件升级后掉线')").first
    (found.locator("[name=name]") if size == "wide" else found).click()
    page.wait_for_selector(".o_customer_360_tile")


def hand_ticket_over(page: Page, size: str) -> None:
    """Open that ticket and the dialog that hands it over."""
    open_ticket(page, size)
    page.wait_for_timeout(SETTLE)
    if not page.locator("button[name=action_hand_over]:visible").count():
        page.click(".o_statusbar_buttons button:has(.oi-ellipsis-v)")
        page.wait_for_timeout(SETTLE)
    page.click("button[name=action_hand_over]:visible")
    page.wait_for_selector(".modal [name=note]")


def merge_tickets(page: Page, size: str) -> None:
    """Choose the complaint and the mail it is about, and merge the two."""
    page.wait_for_selector(".o_data_row, .o_kanban_record")
    if size == "wide":
        for name in ("三天没有人回复我的邮件", "冷库变送器没有读数"):
            page.locator(f".o_data_row:has-text('{name}') input").first.check()
    else:
        page.locator(".o_kanban_record:has-text('三天没有人回复')").first.click()
        page.wait_for_selector(".o_form_view")
    page.wait_for_timeout(SETTLE)
    page.click(".o_cp_action_menus .fa-cog")
    page.wait_for_timeout(SETTLE)
    merge = page.get_by_role("menuitem").filter(has_text=re.compile("^(Merge|合并)$"))
    merge.first.click()
    page.wait_for_selector(".modal .o_field_widget[name=target_id]")


def open_question(page: Page, _size: str) -> None:
    """Tap the fourth star in the mail: of a customer who reads the page's language."""
    language = page.evaluate("navigator.language")[:2]
    page.goto(f"{page.url.split('/service')[0]}{QUESTION}{language}?score=4")
    page.wait_for_selector(".o_satisfaction_send")


def show_promise(page: Page, size: str) -> None:
    """Open that ticket and the page that says why its deadline is what it is."""
    open_ticket(page, size)
    page.locator(".o_notebook .nav-link[name=sla]").click()
    page.wait_for_selector(".o_sla_explanation")
    page.evaluate("document.querySelector('.o_notebook').scrollIntoView()")


def open_policy(page: Page, size: str) -> None:
    """Open the policy that comes first."""
    row = ".o_data_row [name=name]" if size == "wide" else ".o_kanban_record"
    page.locator(row).first.click()
    page.wait_for_selector(".o_field_widget[name=summary]")


def replay_policy(page: Page, size: str) -> None:
    """Try the faster standard, which is a draft, on the tickets of the past."""
    row = ".o_data_row [name=name]" if size == "wide" else ".o_kanban_record"
    page.locator(f"{row}:has-text('标准提速')").first.click()
    page.wait_for_selector(".o_field_widget[name=summary]")
    if not page.locator("button[name=action_replay]:visible").count():
        page.click(".o_control_panel button:has(.fa-bolt)")
        page.wait_for_timeout(SETTLE)
    page.click("button[name=action_replay]:visible")
    page.click("button[name=action_run]:visible")
    done = page.locator(".o_field_widget[name=summary]:visible")
    while not done.count():
        page.wait_for_timeout(SETTLE)
        if page.locator("button[name=action_refresh]:visible").count():
            page.click("button[name=action_refresh]:visible")
    page.wait_for_selector(".o_field_widget[name=difference_ids]")


def open_own_ticket(page: Page, _size: str) -> None:
    """Open the first ticket of the customer's list."""
    page.locator(".o_ticket_list a").first.click()
    page.wait_for_selector("#discussion")


SHOTS = (
    Shot("customer-list", "/odoo/customer-centre"),
    Shot("customer-kanban", "/odoo/customer-centre?view_type=kanban"),
    Shot("customer-form", "/odoo/customer-centre", open_first_customer),
    Shot("segments", "/odoo/segments"),
    Shot("segment-editor", "/odoo/segments", open_first_segment),
    Shot("tag-filter", "/odoo/customer-centre", choose_by_tags),
    Shot("tag-why", "/odoo/customer-centre", ask_why),
    Shot("tag-rule", RULES, open_tag_rule, "administrator"),
    Shot("tag-rehearsal", RULES, rehearse_tag_rule, "administrator"),
    Shot("import-preview", "/odoo/import-customers", show_preview),
    Shot("my-day", "/odoo/my-day"),
    Shot("my-day-manager", "/odoo/my-day", role="manager"),
    Shot("follow-up-dialog", "/odoo/my-day", write_follow_up),
    Shot("customer-history", "/odoo/customer-centre", show_history),
    Shot("pipeline", "/odoo/action-crm.crm_lead_action_pipeline"),
    Shot("funnel", "/odoo/action-crm_sales_process.action_crm_funnel", role="manager"),
    Shot(
        "probability-check",
        "/odoo/action-crm_sales_process.action_crm_accuracy",
        role="manager",
    ),
    Shot("dashboard-rep", "/odoo/crm-dashboards"),
    Shot("dashboard-manager", "/odoo/crm-dashboards", role="manager"),
    Shot("dashboard-dark", "/odoo/crm-dashboards", role="manager", dark=True),
    Shot("dashboard-owner", "/odoo/crm-dashboards", role="administrator"),
    Shot("dashboard-service", "/odoo/crm-dashboards", open_service, "service"),
    Shot("follow-up-analysis", "/odoo/follow-up-analysis", role="manager"),
    Shot("tickets", "/odoo/tickets", role="service"),
    Shot("ticket", TICKETS, open_ticket, "service"),
    Shot("ticket-hand-over", TICKETS, hand_ticket_over, "service"),
    Shot("ticket-merge", TICKETS, merge_tickets, "service"),
    Shot("ticket-promise", TICKETS, show_promise, "service"),
    Shot("ticket-policy", POLICIES, open_policy, "service-manager"),
    Shot("ticket-replay", POLICIES, replay_policy, "service-manager"),
    Shot("ticket-satisfaction", "/odoo/service-satisfaction", role="service-manager"),
    Shot("ticket-portal", "/my/tickets", open_own_ticket, "customer"),
    Shot("ticket-form", "/service/ticket/new", role="stranger"),
    Shot("ticket-score", QUESTION, open_question, "stranger"),
    Shot("follow-up-rule", "/odoo/follow-up-rules", open_first_rule, "manager"),
)


def old_list() -> bytes:
    """Return the workbook a company has kept for years, as .xls."""
    book = xlwt.Workbook(encoding="gbk")
    sheet = book.add_sheet("客户")
    sheet.write_merge(0, 0, 0, 6, "客户名单（销售部）")
    rows = [
        ["客户名称", "联系人", "手机", "统一社会信用代码", "省份", "行业", "备注"],
        ["苏州明远自动化设备有限公司", "周建国", 13912345001.0, "", "江苏", "C34", ""],
        ["苏州明远自动化设备公司", "吴敏", "139 1234 5002", "", "江苏省", "", "采购"],
        ["无锡华阳传动有限公司", "孙丽", "１３８１２３４５００３", "", "江苏", "", ""],
        ["杭州西溪仪表有限公司", "郑强", "1391234500", "", "浙江", "", "号码少一位"],
        ["宁波远洋阀门公司", "冯伟", "13712345005", "91330200MA2AB3C4D6", "", "", ""],
        ["合肥科捷电子有限公司", "陈晨", "0551-65431208", "", "安徽", "C39", "老客户"],
        ["", "褚东", "13612345007", "", "上海", "", "个人客户"],
    ]  # fmt: skip
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def signed_in(browser: Browser, url: str, login: str, size: str, language: str) -> Page:
    """Return a page, signed in unless ``login`` is empty.

    :param language: of the browser, which counts for who has no login
    """
    width, height = SIZES[size]
    phone = size == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=phone,
        has_touch=phone,
        locale=language,
    )
    page = context.new_page()
    page.set_default_timeout(90_000)
    if not login:
        return page
    page.goto(f"{url}/web/login")
    page.fill("#login", login)
    page.fill("#password", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar, #wrap")
    return page


def paint(page: Page, scheme: str) -> None:
    """Choose the colours the person who is signed in works in."""
    page.evaluate(
        """async (scheme) => {
            const call = async (route, params) => {
                const body = JSON.stringify({ jsonrpc: "2.0", params });
                const headers = { "Content-Type": "application/json" };
                const answer = await fetch(route, { method: "POST", headers, body });
                return (await answer.json()).result;
            };
            const { uid } = await call("/web/session/get_session_info", {});
            const args = [[uid], { color_scheme_choice: scheme }];
            const params = { model: "res.users", method: "write", args, kwargs: {} };
            await call("/web/dataset/call_kw/res.users/write", params);
        }""",
        scheme,
    )


def take(page: Page, url: str, shot: Shot, size: str, target: Path) -> None:
    """Open the screen of a shot, do what it asks and save the picture."""
    if shot.dark:
        paint(page, "dark")
    page.goto(url + shot.path)
    page.wait_for_selector(READY)
    page.wait_for_timeout(SETTLE)
    if shot.act:
        shot.act(page, size)
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=target)
    print(target)
    if shot.dark:
        paint(page, "light")


def wanted(shot: Shot) -> bool:
    """Whether a picture was asked for."""
    return not WANTED or any(word in shot.name for word in WANTED)


def main(url: str, chromium: str) -> None:
    """Take every picture in every size and language."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=CHROMIUM_OPTIONS
        )
        for role, logins in LOGINS.items():
            shots = [shot for shot in SHOTS if shot.role == role and wanted(shot)]
            # nobody signs in for nothing
            for suffix, login in logins.items() if shots else ():
                for size in SIZES:
                    language = BROWSER_LANGUAGES[suffix]
                    page = signed_in(browser, url, login, size, language)
                    for shot in shots:
                        target = FOLDER / f"{shot.name}-{size}{suffix}.png"
                        take(page, url, shot, size, target)
                    page.context.close()


if __name__ == "__main__":
    main(os.environ["CRM_SUITE_URL"], os.environ["CRM_SUITE_BROWSER"])
