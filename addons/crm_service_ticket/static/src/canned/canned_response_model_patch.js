import { CannedResponse } from "@mail/core/common/canned_response_model";
import { patch } from "@web/core/utils/patch";

patch(CannedResponse.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {number[]} teams it was written for */
        this.serviceTeamIds = [];
        /** @type {string[]} what it does with the ticket, in words */
        this.moves = [];
    },
});
