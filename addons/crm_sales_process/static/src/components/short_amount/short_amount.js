import { AnimatedNumber } from "@web/views/view_components/animated_number";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";
import { getCurrency } from "@web/core/currency";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { nbsp } from "@web/core/utils/strings";

// how amounts are shortened where one counts by ten thousands, and elsewhere
const BY_TEN_THOUSAND = [
    [1e8, "亿"],
    [1e4, "万"],
];
const BY_THOUSAND = [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
];

/**
 * A number as one says it: 54万 or 540k, 1.23亿 or 123M; three digits that count, and
 * no zeros behind.
 *
 * @param {number} value
 * @param {string} [lang] such as "zh-CN"
 */
export function shortNumber(value, lang = user.lang) {
    const units = (lang || "").startsWith("zh") ? BY_TEN_THOUSAND : BY_THOUSAND;
    const size = Math.abs(value);
    for (const [index, [unit, sign]] of units.entries()) {
        const short = Number((size / unit).toPrecision(3));
        const bound = index ? units[index - 1][0] / unit : Infinity;
        if (short >= bound) {
            // rounded up into the next unit: 999,999 is 1M
            return `${value < 0 ? "-" : ""}1${units[index - 1][1]}`;
        }
        if (size >= unit) {
            const number = size / unit >= 1000 ? Math.round(size / unit) : short;
            const text = String(number).replace(".", localization.decimalPoint || ".");
            return `${value < 0 ? "-" : ""}${text}${sign}`;
        }
    }
    return String(Math.round(value));
}

/** An amount so, with its currency. */
export function shortAmount(value, currencyId, lang = user.lang) {
    const currency = currencyId && getCurrency(currencyId);
    const parts = [shortNumber(value, lang)];
    if (currency) {
        parts[currency.position === "after" ? "push" : "unshift"](currency.symbol);
    }
    return parts.join(nbsp);
}

export class ShortAmountField extends MonetaryField {
    static template = "crm_sales_process.ShortAmountField";

    get exact() {
        return this.formattedValue;
    }

    get short() {
        return shortAmount(this.value || 0, this.currencyId);
    }
}

registry.category("fields").add("short_amount", {
    ...monetaryField,
    component: ShortAmountField,
    displayName: _t("Short Amount"),
});

/** The sum of a column of the board. */
export class ShortAnimatedNumber extends AnimatedNumber {
    format(value) {
        return shortAmount(value, this.currencyId);
    }
}
