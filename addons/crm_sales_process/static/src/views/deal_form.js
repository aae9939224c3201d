// registers the form that ours goes on from
import "@crm/views/crm_form/crm_form";
import { registry } from "@web/core/registry";
import { isStageRefusal } from "../components/enter_stage/refusal_handler";

const crmFormView = registry.category("views").get("crm_form");

/**
 * A stage that was refused is put back, and whatever else was typed is saved: then the
 * small form asks for what is missing.
 */
class DealFormRecord extends crmFormView.Model.Record {
    async _save(options = {}) {
        try {
            return await super._save(...arguments);
        } catch (error) {
            if (!isStageRefusal(error) || !this.resId || !("stage_id" in this._changes)) {
                throw error;
            }
            delete this._changes.stage_id;
            this.data = { ...this._values, ...this._changes };
            this._setEvalContext();
            await super._save({ ...options, reload: true });
            throw error;
        }
    }
}

class DealFormModel extends crmFormView.Model {
    static Record = DealFormRecord;
}

registry.category("views").add("sales_process_deal_form", {
    ...crmFormView,
    Model: DealFormModel,
});
