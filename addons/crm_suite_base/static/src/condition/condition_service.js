import { registry } from "@web/core/registry";

/** Which fields are offered for conditions, asked once for each model. */
export const conditionService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        const known = {};
        return {
            fieldsOf(model) {
                known[model] ||= orm.silent
                    .call("crm.condition", "get_fields", [model])
                    .catch((error) => {
                        delete known[model];
                        throw error;
                    });
                return known[model];
            },
        };
    },
};

registry.category("services").add("crm_condition", conditionService);
