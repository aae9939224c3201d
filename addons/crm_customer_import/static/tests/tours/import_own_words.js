import { registry } from "@web/core/registry";

/** Choose the list that the test put at this address. */
async function chooseFile({ anchor }) {
    const answer = await fetch("/crm_customer_import/tests/own_words.csv");
    const files = new DataTransfer();
    files.items.add(new File([await answer.blob()], "老客户.csv"));
    anchor.files = files.files;
    anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

const word = (text) => `.o_crm_import_word[data-word='${text}']`;

registry.category("web_tour.tours").add("crm_customer_import_own_words", {
    steps: () => [
        {
            content: "Choose a list in the company's own words",
            trigger: ".o_crm_import_file:not(:visible)",
            run: chooseFile,
        },
        {
            content: "No row is refused for them",
            trigger: ".o_crm_import_card[data-decision=create]:contains(4)",
        },
        {
            content: "Nothing is decided",
            trigger: ".o_crm_import_words_progress:contains('0 of 4')",
        },
        {
            content: "Take the proposal for one word",
            trigger: `${word("软件")} .o_crm_import_word_accept`,
            run: "click",
        },
        {
            content: "A choice that does not exist is created",
            trigger: `${word("量子通信")} .o_crm_import_word_new`,
            run: "click",
        },
        {
            content: "Two are decided",
            trigger: ".o_crm_import_words_progress:contains('2 of 4')",
        },
        {
            content: "A word is left out",
            trigger: `${word("梦到的")} .o_crm_import_word_out`,
            run: "click",
        },
        {
            content: "The rest in one click",
            trigger: ".o_crm_import_words_accept",
            run: "click",
        },
        {
            content: "All words are decided",
            trigger: ".o_crm_import_words h4:contains('All words are decided')",
        },
        {
            content: "They can be looked at",
            trigger: ".o_crm_import_words_toggle",
            run: "click",
        },
        {
            content: "The new choice is named",
            trigger: `${word("量子通信")} .o_crm_import_word_decided:contains('New')`,
        },
        {
            content: "The rows follow at once",
            trigger: "[name=shown_line_ids] :contains('VIP')",
        },
        {
            content: "Import",
            trigger: "button[name=action_import]:enabled",
            run: "click",
        },
        {
            content: "It is done",
            trigger: "button[name=action_open_customers]:enabled",
        },
        {
            content: "What became of the words",
            trigger: ".o_notebook .nav-link[name=words]",
            run: "click",
        },
        {
            content: "The created choice",
            trigger: "[name=word_ids] :contains('量子通信')",
        },
        {
            content: "Take it back",
            trigger: "button[name=action_undo]:enabled",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "It is undone",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=undone]",
        },
    ],
});
