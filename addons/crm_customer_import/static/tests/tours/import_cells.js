import { registry } from "@web/core/registry";

/** Write into the cell that has the keyboard, and press Enter. */
function writeAndGoOn(text) {
    return () => {
        const input = document.activeElement;
        input.value = text;
        input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    };
}

registry.category("web_tour.tours").add("crm_customer_import_cells", {
    steps: () => [
        {
            content: "A number that is wrong in two rows stands there once",
            trigger: ".o_crm_import_cell[data-text='无效12'] :contains(in all 2 rows)",
        },
        {
            content: "Take its cell",
            trigger: ".o_crm_import_cell[data-text='无效12'] input[type=text]",
            run: "click",
        },
        {
            content: "Write another wrong number",
            trigger: ".o_crm_import_cell[data-text='无效12'] input[type=text]",
            run: () => {
                document.querySelector(".o_crm_import_cell input[type=text]").focus();
                writeAndGoOn("无效13")();
            },
        },
        {
            content: "It is still wrong, and what the file says is there",
            trigger: ".o_crm_import_cell[data-text='无效13'] :contains(无效12)",
        },
        {
            content: "The keyboard stays in it: write the right one",
            trigger: ".o_crm_import_cell[data-text='无效13'] input[type=text]:focus",
            run: writeAndGoOn("13800991201"),
        },
        {
            content: "The count falls, and the keyboard is in the next cell",
            trigger: ".o_crm_import_cells_wrong:contains(1)",
        },
        {
            content: "Write the right address",
            trigger: ".o_crm_import_cell[data-text='bad@@x'] input[type=text]:focus",
            run: writeAndGoOn("right@cell-sample.cn"),
        },
        {
            content: "Nothing is wrong any more, and two customers are to be created",
            trigger: ".o_crm_import_card[data-decision=create]:contains(2)",
        },
        {
            content: "What was put right",
            trigger: ".o_crm_import_cells_corrected:contains(3)",
            run: "click",
        },
        {
            content: "With what the file says",
            trigger: ".o_crm_import_cell:contains(13800991201):contains(无效12)",
        },
    ],
});
