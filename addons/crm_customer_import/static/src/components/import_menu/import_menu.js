import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

const GROUPS = ["group_sales_rep", "group_service_agent", "group_marketing"];

/** "Import customers" in the cog menu of customer lists, for those who may. */
export class ImportCustomersMenu extends Component {
    static template = "crm_customer_import.ImportCustomersMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction("crm_customer_import.action_customer_import_new");
    }
}

async function mayImport() {
    const answers = await Promise.all(
        GROUPS.map((name) => user.hasGroup(`crm_customer_center.${name}`)),
    );
    return answers.includes(true);
}

registry.category("cogMenu").add(
    "crm-import-customers",
    {
        Component: ImportCustomersMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async ({ config, searchModel }) =>
            searchModel.resModel === "res.partner" &&
            config.actionType === "ir.actions.act_window" &&
            ["kanban", "list"].includes(config.viewType) &&
            (await mayImport()),
    },
    { sequence: 0 },
);
