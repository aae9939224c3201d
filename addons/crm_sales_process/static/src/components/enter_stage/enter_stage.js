import { markRaw } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

/** A small form of just the fields that are missing; its view comes from the server. */
export class EnterStageDialog extends FormViewDialog {
    static props = { ...FormViewDialog.props, description: Object };

    setup() {
        super.setup();
        const { arch, models } = this.props.description;
        Object.assign(this.viewProps, {
            arch,
            fields: markRaw(models[this.props.resModel].fields),
            relatedModels: markRaw(models),
            buttonTemplate: "crm_sales_process.EnterStageDialog.buttons",
        });
    }
}

/** What several deals get: what was filled in, and not what a new deal would have. */
function filled(changes) {
    return Object.fromEntries(
        Object.entries(changes).filter(([, value]) =>
            Array.isArray(value) ? value.length : value,
        ),
    );
}

/**
 * Ask for what is missing and move the deals, in one call.
 *
 * @returns {Promise<{moved: boolean, message?: string}>} resolved when it is over; not
 *     moved where the person thought better of it; null where nothing can be asked
 */
export async function askAndEnterStage(env, leadIds, stageId) {
    const { orm, dialog } = env.services;
    const description = await orm.call("crm.stage.entry", "get_dialog", [leadIds, stageId]);
    if (!description) {
        return null;
    }
    return new Promise((resolve) => {
        let result = { moved: false };
        dialog.add(
            EnterStageDialog,
            {
                resModel: "crm.lead",
                resId: leadIds.length === 1 && leadIds[0],
                title: description.title,
                size: "md",
                canExpand: false,
                context: user.context,
                description,
                onRecordSave: async (record) => {
                    if (!(await record.checkValidity({ displayNotification: true }))) {
                        return false;
                    }
                    const changes = await record.getChanges();
                    const message = await orm.call("crm.stage.entry", "enter", [
                        leadIds,
                        stageId,
                        leadIds.length === 1 ? changes : filled(changes),
                    ]);
                    result = { moved: true, message };
                    return true;
                },
            },
            { onClose: () => resolve(result) },
        );
    });
}

function congratulate(message) {
    return {
        fadeout: "slow",
        message,
        img_url: "/web/static/img/smile.svg",
        type: "rainbow_man",
    };
}

/** What a button of the server opens: it closes as any dialog does, and the form is read
 * again. */
async function enterStageAction(env, action) {
    const { lead_ids, stage_id } = action.params;
    const result = await askAndEnterStage(env, lead_ids, stage_id);
    const close = { type: "ir.actions.act_window_close" };
    return result?.message ? { ...close, effect: congratulate(result.message) } : close;
}

registry.category("actions").add("crm_sales_process.enter_stage", enterStageAction);

/** As above, where a refusal led to it: what the screen shows is read again. */
export async function enterStageAfterRefusal(env, leadIds, stageId) {
    const result = await askAndEnterStage(env, leadIds, stageId);
    if (result?.moved) {
        if (result.message) {
            env.services.effect.add(congratulate(result.message));
        }
        await env.services.action.doAction("soft_reload");
    }
    return result;
}
