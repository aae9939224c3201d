import { registry } from "@web/core/registry";

/** Choose the workbook that the test put at this address. */
async function chooseFile({ anchor }) {
    const answer = await fetch("/crm_customer_import/tests/old_list.xls");
    const files = new DataTransfer();
    files.items.add(new File([await answer.blob()], "客户名单.xls"));
    anchor.files = files.files;
    anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("crm_customer_import_messy_xls", {
    steps: () => [
        {
            content: "Choose the old list",
            trigger: ".o_crm_import_file:not(:visible)",
            run: chooseFile,
        },
        {
            content: "The preview counts what will happen",
            trigger: ".o_crm_import_card[data-decision=create]:contains(2)",
        },
        {
            content: "One row has a bad phone number",
            trigger: ".o_crm_import_card[data-decision=refuse]:contains(1)",
            run: "click",
        },
        {
            content: "Its reason is shown",
            trigger: "[name=shown_line_ids] :contains(1380013)",
        },
        {
            content: "Import",
            trigger: "button[name=action_import]:enabled",
            run: "click",
        },
        {
            content: "It is done",
            trigger: "button[name=action_open_customers]:enabled",
        },
        {
            content: "Further buttons on a phone",
            trigger: ".o_statusbar_buttons .oi-ellipsis-v",
            isActive: ["mobile"],
            run: "click",
        },
        {
            content: "Download the refused rows",
            trigger: "button[name=action_download_refused]:enabled",
            run: "click",
        },
        {
            content: "Open the customers",
            trigger: "button[name=action_open_customers]:enabled",
            run: "click",
        },
        {
            content: "Open one of them",
            trigger:
                ".o_kanban_record:contains(青岛旅途样本科技有限公司), .o_data_cell:contains(青岛旅途样本科技有限公司)",
            run: "click",
        },
        {
            content: "The customer page",
            trigger: ".o_form_view .nav-link[name='contact_addresses']",
            run: "click",
        },
        {
            content: "With its contact",
            trigger: ".o_form_view :contains(李雷)",
        },
    ],
});
