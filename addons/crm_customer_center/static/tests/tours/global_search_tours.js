import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function openBox() {
    return [
        {
            content: "The first screen is there: its coming closes every dialog",
            trigger: ".o_action_manager > .o_action",
        },
        {
            content: "Open the box in the top bar",
            trigger: ".o_menu_systray .o_global_search_menu",
            run: "click",
        },
    ];
}

function type(text) {
    return {
        content: `Type ${text}`,
        trigger: ".o_command_palette_search input",
        // not "edit": it would press Enter on the first line
        async run(helpers) {
            await helpers.clear();
            await helpers.fill(text);
        },
    };
}

tours.add("crm_global_search", {
    steps: () => [
        ...openBox(),
        {
            content: "Something can be begun at once",
            trigger: ".o_command_palette .o_global_search_item:contains(New customer)",
        },
        type("hzxc"),
        {
            content: "The deal of the customer is there",
            trigger: ".o_global_search_item:contains(箱测设备采购)",
        },
        {
            content: "Who looks after it is said",
            trigger:
                ".o_global_search_item:contains(杭州箱测) .o_global_search_detail:contains(rep user)",
            run: "click",
        },
        {
            content: "The customer is open",
            trigger: ".o_form_view:contains(杭州箱测贸易有限公司)",
        },
    ],
});

/** What a rep types, and whom he means, another one each time: test_global_search.py
 *  makes them. */
const BY_SOUND = {
    cqyq: "重庆银桥机械有限公司",
    xmlh: "厦门乐合食品有限公司",
    chongqingyin: "重庆银桥机械有限公司",
    xiamenle: "厦门乐合食品有限公司",
    zhonghangchi: "中行齿轮厂",
    shanhongmei: "单红梅",
    zhch: "中行齿轮厂",
    shanhm: "单红梅",
    qiuyue: "仇月",
    zengguang: "曾广成",
    xieyt: "解玉亭",
    zenggc: "曾广成",
    oujian: "区剑锋",
    zhaliang: "查良安",
    piaozx: "朴智信",
    gelin: "盖琳",
    lvchengda: "绿城大地园林",
    重庆yinqiao: "重庆银桥机械有限公司",
    lvcdd: "绿城大地园林",
    lehe食品: "厦门乐合食品有限公司",
};

tours.add("crm_global_search_pinyin", {
    steps: () => [
        ...openBox(),
        ...Object.entries(BY_SOUND).flatMap(([text, name]) => [
            type(text),
            {
                content: `${name} is the first`,
                trigger: `.o_command:first:has(.o_global_search_item:contains(${name}))`,
            },
        ]),
    ],
});

tours.add("crm_global_search_phone", {
    steps: () => [
        ...openBox(),
        type("5550001"),
        {
            content: "The contact is found by its number",
            trigger: ".o_global_search_item:contains(解箱测)",
            run: "click",
        },
        {
            content: "The contact is open",
            trigger: ".o_form_view .o_field_widget[name=name] :value(解箱测)",
        },
    ],
});
