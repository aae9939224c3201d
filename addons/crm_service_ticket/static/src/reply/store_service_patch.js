import { Store } from "@mail/core/common/store_service";
import { patch } from "@web/core/utils/patch";

/** What becomes of the ticket goes with the answer: one call, both or nothing. */
patch(Store.prototype, {
    async getMessagePostParams({ postData }) {
        const params = await super.getMessagePostParams(...arguments);
        if (postData.stateAfter) {
            params.post_data.state_after = postData.stateAfter;
        }
        if (postData.macroIds?.length) {
            params.post_data.canned_ids = postData.macroIds;
        }
        return params;
    },
});
