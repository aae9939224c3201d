import { UseSuggestion } from "@mail/core/common/suggestion_hook";
import { SuggestionService } from "@mail/core/common/suggestion_service";
import { patch } from "@web/core/utils/patch";

const CANNED = "::";
/** The same two keys, with a Chinese keyboard. */
const FULL_WIDTH = ["：：", "：:", ":："];

patch(SuggestionService.prototype, {
    getSupportedDelimiters() {
        const delimiters = super.getSupportedDelimiters(...arguments);
        const isCannedThere = delimiters.some(([delimiter]) => delimiter === CANNED);
        return isCannedThere
            ? [...delimiters, ...FULL_WIDTH.map((delimiter) => [delimiter])]
            : delimiters;
    },

    /** Answers of the ticket's team come first, those of other teams last. */
    searchSuggestions(_search, { thread } = {}) {
        const found = super.searchSuggestions(...arguments);
        if (found.type === "mail.canned.response" && thread?.ticketTeamId !== undefined) {
            const place = ({ serviceTeamIds: teams = [] }) =>
                teams.includes(thread.ticketTeamId) ? 0 : teams.length ? 2 : 1;
            found.suggestions.sort((one, other) => place(one) - place(other));
        }
        return found;
    },
});

patch(UseSuggestion.prototype, {
    detect() {
        super.detect();
        if (FULL_WIDTH.includes(this.search.delimiter)) {
            this.search.delimiter = CANNED;
        }
    },

    /** In a ticket the server fills in what is about it, and lends the files. */
    async insert(option) {
        if (!option.cannedResponse || !this.comp.isTicketComposer) {
            return super.insert(option);
        }
        const search = { ...this.search };
        this.state.items = undefined;
        const filled = await this.comp.fillCannedResponse(option.cannedResponse);
        Object.assign(this.search, search);
        super.insert({ ...option, label: filled.text });
    },
});
