import { SelectMenu } from "@web/core/select_menu/select_menu";

/** A select menu that stays open, so that several tags are chosen in one go. */
export class TagSelect extends SelectMenu {
    static choiceItemTemplate = "crm_tagging.TagSelect.Choice";
}
