import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { WarningDialog } from "@web/core/errors/error_dialogs";
import { UncaughtPromiseError } from "@web/core/errors/error_service";
import { RPCError } from "@web/core/network/rpc";
import { enterStageAfterRefusal } from "./enter_stage";

const WAYS = "odoo.addons.crm_sales_process.exceptions";
const REQUIREMENTS = `${WAYS}.StageRequirementsMissing`;
const REASON = `${WAYS}.ClosingReasonMissing`;

/** Whether the server missed something that a person can be asked for. */
export function isStageRefusal(error) {
    return [REQUIREMENTS, REASON].includes(error?.exceptionName);
}

/** Odoo's wizard for lost deals, and for those won without a stage to move to. */
async function askInWizard(env, { wizard, lead_ids, stage_id }) {
    const { action } = env.services;
    await action.doAction(wizard, {
        additionalContext: {
            active_ids: lead_ids,
            active_id: lead_ids[0],
            active_model: "crm.lead",
            default_lead_ids: lead_ids,
            default_stage_id: stage_id,
        },
        onClose: () => action.doAction("soft_reload"),
    });
}

async function ask(env, error) {
    const { wizard, lead_ids: ids, stage_id: stageId } = error.data.context;
    if (stageId && ids.length && (await enterStageAfterRefusal(env, ids, stageId))) {
        return;
    }
    if (wizard && ids.length) {
        await askInWizard(env, error.data.context);
        return;
    }
    env.services.dialog.add(WarningDialog, {
        title: _t("Not yet"),
        message: error.data.message,
        exceptionName: error.exceptionName,
        data: error.data,
    });
}

/**
 * A deal was dragged, clicked or edited into a stage and the server misses something:
 * instead of the refusal a small form asks for it. Where nothing can be asked the refusal
 * is shown as it is.
 */
export function stageRefusalHandler(env, error, originalError) {
    if (
        !(error instanceof UncaughtPromiseError) ||
        !(originalError instanceof RPCError) ||
        !isStageRefusal(originalError)
    ) {
        return false;
    }
    error.unhandledRejectionEvent.preventDefault();
    ask(env, originalError);
    return true;
}

registry
    .category("error_handlers")
    .add("crm_sales_process.stage_refusal", stageRefusalHandler, { sequence: 90 });
