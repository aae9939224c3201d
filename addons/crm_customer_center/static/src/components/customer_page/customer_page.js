import { Chatter } from "@mail/chatter/web_portal/chatter";
import { Component, EventBus, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Says "changed" to all parts of the page when something was done for the customer. */
export const customerPage = new EventBus();

/** Call `load(id)` for the record of the page, and again when something was done for it. */
export function useCustomerPage(props, load) {
    useRecordObserver((record) => load(record.resId));
    useBus(customerPage, "changed", () => load(props.record.resId));
}

/** Where the facts of the headline lead, and the tiles. */
export async function openSection(component, key) {
    const record = component.props.record;
    if (await record.save()) {
        const action = await component.orm.call("res.partner", "action_open_customer_360_section", [
            record.resId,
            key,
        ]);
        component.action.doAction(action);
    }
}

/**
 * What one knows of a customer in five seconds, and what one does ten times a day. Facts
 * and actions come from `res.partner.get_customer_headline()`; a module adds its own
 * there, not here.
 */
export class CustomerHeadline extends Component {
    static template = "crm_customer_center.CustomerHeadline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ facts: [], actions: [] });
        useCustomerPage(this.props, async (id) => {
            Object.assign(
                this.state,
                id
                    ? await this.orm.silent.call("res.partner", "get_customer_headline", [id])
                    : { facts: [], actions: [] },
            );
        });
    }

    open(fact) {
        return fact.section && openSection(this, fact.section);
    }

    async run(action) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        const next = await this.orm.call("res.partner", action.method, [[record.resId]]);
        this.action.doAction(next, {
            onClose: async () => {
                await record.load();
                customerPage.trigger("changed");
            },
        });
    }
}

/** On a phone the page has room for one of its columns at a time. */
export class CustomerPageTabs extends Component {
    static template = "crm_customer_center.CustomerPageTabs";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        this.state = useState({ column: "middle" });
    }

    show(column) {
        this.state.column = column;
        const page = this.root.el.closest(".o_form_sheet").querySelector(".o_customer_page");
        page.dataset.column = column;
    }
}

/** Odoo's conversation about the customer, in a tab of the page. */
export class CustomerConversation extends Component {
    static template = "crm_customer_center.CustomerConversation";
    static components = { Chatter };
    static props = { ...standardWidgetProps };

    get saveRecord() {
        return () => this.props.record.save();
    }
}

const widgets = registry.category("view_widgets");
widgets.add("customer_headline", { component: CustomerHeadline });
widgets.add("customer_page_tabs", { component: CustomerPageTabs });
widgets.add("customer_conversation", { component: CustomerConversation });
