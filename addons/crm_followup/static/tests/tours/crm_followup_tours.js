import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Type into the dialog and save it. */
function writeSteps(content) {
    return [
        {
            content: "Step 2: type",
            trigger: ".o_followup_dialog .o_followup_content textarea",
            run: `edit ${content}`,
        },
        {
            content: "Step 3: save",
            trigger: ".modal button.o_followup_save",
            run: "click",
        },
        {
            content: "The dialog is closed",
            trigger: "body:not(:has(.o_followup_dialog))",
        },
    ];
}

tours.add("crm_followup_three_steps", {
    steps: () => [
        {
            content: "Step 1: tap",
            trigger: ".o_customer_action[data-action=follow_up]",
            run: "click",
        },
        ...writeSteps("Wants two more pieces"),
        {
            content: "The timeline tells it",
            trigger:
                ".o_timeline_ready .o_timeline_event[data-kind=followup]:contains(Wants two more pieces)",
        },
    ],
});

const TEXT = ".o_followup_dialog .o_followup_content textarea";
const OPEN = {
    content: "Open the dialog",
    trigger: ".o_customer_action[data-action=follow_up]",
    run: "click",
};
const CLOSED = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.o_followup_dialog))",
};

function expectText(content, text) {
    return {
        content,
        trigger: TEXT,
        run: async ({ anchor, waitUntil }) => {
            await waitUntil(() => anchor.value === text, { timeout: 5000 });
        },
    };
}

tours.add("crm_followup_draft", {
    steps: () => [
        {
            content: "What another person began in this browser",
            trigger: ".o_customer_action[data-action=follow_up]",
            run: () => {
                const id = location.pathname.split("/").pop();
                localStorage.setItem(
                    `crm_followup.draft/${odoo.info.db}/1/res.partner:${id}`,
                    JSON.stringify({ texts: { content: "Of another" }, at: Date.now() }),
                );
            },
        },
        OPEN,
        {
            content: "Whom one spoke to, how to reach them and what was said last are there",
            trigger:
                ".o_followup_dialog:has(.o_followup_last:contains(Asked for a price)) .o_followup_phone a[href^=tel]",
        },
        {
            content: "Saving will finish the call that is due",
            trigger: ".o_followup_finishes:contains(Regular call)",
        },
        expectText("Nothing is proposed of another person", ""),
        { content: "Begin to write", trigger: TEXT, run: "edit Half a sentence" },
        { content: "Escape", trigger: TEXT, run: "press Escape" },
        CLOSED,
        OPEN,
        expectText("It is there again", "Half a sentence"),
        {
            content: "Close the page",
            trigger: ".o_followup_draft",
            run: () => location.reload(),
            expectUnloadPage: true,
        },
        OPEN,
        expectText("And after the page was closed", "Half a sentence"),
        { content: "Start anew", trigger: ".o_followup_anew", run: "click" },
        expectText("It is empty", ""),
        { content: "Two letters", trigger: TEXT, run: "edit ok" },
        {
            content: "One word says it",
            trigger: ".o_followup_outcome .o_selection_badge:contains(Documents Sent)",
            run: "click",
        },
        { content: "Save", trigger: ".modal button.o_followup_save", run: "click" },
        CLOSED,
        {
            content: "It is told",
            trigger: ".o_timeline_event[data-kind=followup]:contains(Documents Sent: ok)",
        },
        OPEN,
        expectText("What was saved is no draft any more", ""),
        { content: "Begin once more", trigger: TEXT, run: "edit Not needed" },
        { content: "Throw it away", trigger: ".modal .o_followup_discard", run: "click" },
        CLOSED,
        OPEN,
        expectText("It is gone", ""),
    ],
});

tours.add("crm_followup_my_day", {
    steps: () => [
        {
            content: "The overdue one is on top",
            trigger: "[data-section=overdue] .o_my_day_item:contains(Tour Late Company)",
        },
        {
            content: "Follow it up",
            trigger: ".o_my_day_item:contains(Tour Late Company) button.o_my_day_follow_up",
            run: "click",
        },
        ...writeSteps("Order is confirmed"),
        {
            content: "It is gone and counted",
            trigger: ".o_my_day:not(:contains(Tour Late Company)) .o_my_day_done:contains(1)",
        },
        {
            content: "Put the other one off",
            trigger: ".o_my_day_item:contains(Tour Due Company) button[data-choice=tomorrow]",
            run: "click",
        },
        {
            content: "Nothing is due",
            trigger: ".o_my_day_empty button",
            run: "click",
        },
        {
            content: "Customers without contact",
            trigger: ".o_searchview_facet:contains(No Contact for 30 Days), .o_kanban_view",
        },
    ],
});

tours.add("crm_followup_escalated", {
    steps: () => [
        {
            content: "The overdue one of the team",
            trigger:
                "[data-section=escalated] .o_my_day_item:contains(Acme):contains(rep user) button.o_my_day_open",
            run: "click",
        },
        {
            content: "Opens the customer",
            trigger: ".o_customer_action[data-action=follow_up]",
        },
        {
            content: "With all that is on its page",
            trigger: ".o_form_view:has(.o_customer_360_tile) .o_timeline_ready",
        },
    ],
});

/** Press a key where the focus is, as a person does who has not clicked anywhere. */
function press(key) {
    return () => {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    };
}

tours.add("crm_followup_keyboard", {
    steps: () => [
        {
            content: "The first item has the focus; to the next one",
            trigger: "[data-section=overdue] .o_my_day_item:focus",
            run: press("ArrowDown"),
        },
        {
            content: "Put it off",
            trigger: "[data-section=today] .o_my_day_item:focus",
            run: press("1"),
        },
        {
            content: "It is gone, and the focus on what is left",
            trigger:
                ".o_my_day:not(:contains(Tour Due Company)) [data-section=overdue] .o_my_day_item:focus",
            run: press("u"),
        },
        {
            content: "It is back on its day",
            trigger: "[data-section=today] .o_my_day_item:contains(Tour Due Company)",
        },
        {
            content: "The notification is gone",
            trigger: "body:not(:has(.o_notification))",
        },
        {
            content: "Put it off once more, by the mouse",
            trigger: "[data-section=today] .o_my_day_item button[data-choice=tomorrow]",
            run: "click",
        },
        {
            content: "And take that back",
            trigger: ".o_notification button:contains(Undo)",
            run: "click",
        },
        {
            content: "It is there again",
            trigger: "[data-section=today] .o_my_day_item:contains(Tour Due Company)",
        },
        {
            content: "A key that nothing has the focus for goes to the last place",
            trigger: ".o_my_day",
            // in one go: what was taken back gets the focus as soon as it is drawn
            run: () => {
                document.activeElement.blur();
                press("Enter")();
            },
        },
        ...writeSteps("Done without the mouse"),
        {
            content: "The focus is on the next one at once",
            trigger: ".o_my_day_done:contains(1)",
        },
        {
            content: "Which is done as well",
            trigger: ".o_my_day_item:focus",
            run: press("Enter"),
        },
        ...writeSteps("And the second one"),
        {
            content: "Nothing is due",
            trigger: ".o_my_day_empty",
        },
        {
            content: "Something new is begun from here",
            trigger: ".o_my_day_new",
            run: "click",
        },
        {
            content: "A customer",
            trigger: ".o-dropdown-item[data-command=new_customer]",
            run: "click",
        },
        {
            content: "Its form",
            trigger: ".o_form_view .o_form_editable",
        },
    ],
});
