import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/**
 * Who may read a customer and not change it gets a page to read: fields that open and
 * then refuse what was typed help nobody.
 */
export class CustomerFormController extends formView.Controller {
    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = (root) => {
            const isOpen = root.isNew || root.data.may_be_changed !== false;
            root.switchMode(isOpen && this.canEdit ? "edit" : "readonly");
        };
        return params;
    }
}

registry.category("views").add("customer_form", {
    ...formView,
    Controller: CustomerFormController,
});
