import { registry } from "@web/core/registry";

const PICKER = ".o_tag_expression_picker .o_select_menu_toggler";

function choose(text) {
    return {
        content: `Choose the tag ${text}`,
        trigger: `.o_tag_expression_menu .o_select_menu_item:contains(${text})`,
        run: "click",
    };
}

registry.category("web_tour.tours").add("crm_tagging_segment", {
    steps: () => [
        {
            content: "Open the search menu of the list",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Filter by tags",
            trigger: ".o_open_tag_filter",
            run: "click",
        },
        {
            content: "Open the choice of tags",
            trigger: `.o_tag_filter_dialog ${PICKER}`,
            run: "click",
        },
        {
            content: "Each tag tells how many it would find",
            trigger:
                ".o_tag_expression_menu .o_select_menu_item:contains(Seg Vip) .o_tag_expression_count:contains(2)",
        },
        choose("Seg Vip"),
        choose("Seg Plain"),
        {
            content: "The number of customers follows while one chooses",
            trigger: ".o_tag_expression_total:contains(4)",
        },
        {
            content: "Close the choice",
            trigger: ".o_tag_expression_menu input",
            run: "press Escape",
        },
        {
            content: "Another condition",
            trigger: ".o_tag_expression_add_row",
            run: "click",
        },
        {
            content: "None of …",
            trigger: ".o_tag_expression_match:eq(1)",
            run: "select none",
        },
        {
            content: "Open its choice of tags",
            trigger: `.o_tag_expression_row:eq(1) ${PICKER}`,
            run: "click",
        },
        choose("Seg Lost"),
        {
            content: "One less",
            trigger: ".o_tag_expression_total:contains(3)",
        },
        {
            content: "It is said in words",
            trigger: ".o_tag_expression_sentence:contains(without “Seg Lost”)",
        },
        {
            content: "Close the choice",
            trigger: ".o_tag_expression_menu input",
            run: "press Escape",
        },
        {
            content: "Apply it to the list",
            trigger: ".o_tag_filter_apply:contains(3)",
            run: "click",
        },
        {
            content: "The list has three rows",
            trigger: ".o_pager_limit:contains(3)",
        },
        {
            content: "The filter is in the search box",
            trigger: ".o_searchview_facet:contains(Seg Lost)",
        },
        {
            content: "Open the search menu again",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Go on with the filter",
            trigger: ".o_open_tag_filter",
            run: "click",
        },
        {
            content: "It is still what was chosen; save it",
            trigger: ".o_tag_filter_dialog:has(.o_tag:contains(Seg Plain)) .o_tag_filter_save_as",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_tag_filter_save input",
            run: "edit Tour Segment",
        },
        {
            content: "Save and show",
            trigger: ".o_tag_filter_save_confirm:enabled",
            run: "click",
        },
        {
            content: "The segment has taken the place of the filter",
            trigger:
                ".o_searchview:has(.o_searchview_facet:contains(Tour Segment)):not(:has(.o_searchview_facet:contains(Seg Lost)))",
        },
        {
            content: "The list still has three rows",
            trigger: ".o_pager_limit:contains(3)",
        },
        {
            content: "Take the segment off",
            trigger: ".o_searchview_facet:contains(Tour Segment) .o_facet_remove",
            run: "click",
        },
        {
            content: "All five are there again",
            trigger: ".o_pager_limit:contains(5)",
        },
        {
            content: "The next day: open the search menu …",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "… and apply the segment: two clicks",
            trigger: ".o_segment_item:contains(Tour Segment)",
            run: "click",
        },
        {
            content: "Three rows",
            trigger: ".o_pager_limit:contains(3)",
        },
    ],
});
