import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatList } from "@web/core/l10n/utils";
import { formatFloat } from "@web/views/fields/formatters";
import { COMPARISONS } from "./condition_comparisons";

/**
 * Words of people for comparisons: how each is called where it is chosen, and how it
 * stands in the sentence. Whole sentences, for the value stands elsewhere in other
 * languages.
 */

const days = {
    d: () => _t("days"),
    w: () => _t("weeks"),
    m: () => _t("months"),
    y: () => _t("years"),
};
const daysAgo = {
    d: () => _t("days ago"),
    w: () => _t("weeks ago"),
    m: () => _t("months ago"),
    y: () => _t("years ago"),
};

/** What stands behind the number of a span, by comparison. */
export function unitsOf(comparison) {
    const names = ["older", "older_or_never", "since"].includes(comparison) ? daysAgo : days;
    return Object.entries(names).map(([value, name]) => ({ value, label: name() }));
}

const SPANS = {
    d: (n) => (n === 1 ? _t("1 day") : _t("%s days", n)),
    w: (n) => (n === 1 ? _t("1 week") : _t("%s weeks", n)),
    m: (n) => (n === 1 ? _t("1 month") : _t("%s months", n)),
    y: (n) => (n === 1 ? _t("1 year") : _t("%s years", n)),
};

const NAMES = {
    any: () => _t("is one of"),
    none: () => _t("is none of"),
    empty: () => _t("is empty"),
    filled: () => _t("is filled in"),
    is: () => _t("is exactly"),
    is_not: () => _t("is not"),
    named: () => _t("has in its name"),
    unnamed: () => _t("does not have in its name"),
    between: () => _t("is between"),
    text: {
        contains: () => _t("contains"),
        contains_not: () => _t("does not contain"),
        begins: () => _t("begins with"),
    },
    number: {
        least: () => _t("is at least"),
        most: () => _t("is at most"),
        more: () => _t("is more than"),
        less: () => _t("is less than"),
    },
    date: {
        older: () => _t("was more than"),
        older_or_never: () => _t("was never, or more than"),
        last: () => _t("is within the last"),
        next: () => _t("is within the next"),
        until: () => _t("is past or within the next"),
        beyond: () => _t("is later than in"),
        since: () => _t("was not longer than"),
        past: () => _t("is before today"),
        today: () => _t("is today"),
        future: () => _t("is today or later"),
        this_week: () => _t("is this week"),
        this_month: () => _t("is this month"),
        last_month: () => _t("is last month"),
        next_month: () => _t("is next month"),
        this_year: () => _t("is this year"),
        on_or_before: () => _t("is on or before"),
        on_or_after: () => _t("is on or after"),
        before: () => _t("is before"),
        after: () => _t("is after"),
    },
    yesno: {
        yes: () => _t("is yes"),
        no: () => _t("is no"),
        either: () => _t("is yes or no"),
    },
    records: {
        any: () => _t("has any of"),
        all: () => _t("has all of"),
        none: () => _t("has none of"),
    },
};

/** How a comparison is called where one chooses it. */
export function nameOf(kind, comparison) {
    const name = NAMES[kind]?.[comparison] || NAMES[comparison];
    return name().toString();
}

const SENTENCES = {
    any: (v) => _t("%(field)s is %(value)s", v),
    none: (v) => _t("%(field)s is not %(value)s", v),
    empty: (v) => _t("%(field)s is empty", v),
    filled: (v) => _t("%(field)s is filled in", v),
    is: (v) => _t("%(field)s is exactly %(value)s", v),
    is_not: (v) => _t("%(field)s is not %(value)s", v),
    named: (v) => _t("%(field)s has %(value)s in its name", v),
    unnamed: (v) => _t("%(field)s does not have %(value)s in its name", v),
    between: (v) => _t("%(field)s is between %(low)s and %(high)s", v),
    text: {
        contains: (v) => _t("%(field)s contains %(value)s", v),
        contains_not: (v) => _t("%(field)s does not contain %(value)s", v),
        begins: (v) => _t("%(field)s begins with %(value)s", v),
    },
    number: {
        least: (v) => _t("%(field)s is at least %(value)s", v),
        most: (v) => _t("%(field)s is at most %(value)s", v),
        more: (v) => _t("%(field)s is more than %(value)s", v),
        less: (v) => _t("%(field)s is less than %(value)s", v),
    },
    date: {
        older: (v) => _t("%(field)s was more than %(value)s ago", v),
        older_or_never: (v) => _t("%(field)s was never, or more than %(value)s ago", v),
        last: (v) => _t("%(field)s is within the last %(value)s", v),
        next: (v) => _t("%(field)s is within the next %(value)s", v),
        until: (v) => _t("%(field)s is past or within the next %(value)s", v),
        beyond: (v) => _t("%(field)s is later than in %(value)s", v),
        since: (v) => _t("%(field)s was not longer than %(value)s ago", v),
        past: (v) => _t("%(field)s is before today", v),
        today: (v) => _t("%(field)s is today", v),
        future: (v) => _t("%(field)s is today or later", v),
        this_week: (v) => _t("%(field)s is this week", v),
        this_month: (v) => _t("%(field)s is this month", v),
        last_month: (v) => _t("%(field)s is last month", v),
        next_month: (v) => _t("%(field)s is next month", v),
        this_year: (v) => _t("%(field)s is this year", v),
        on_or_before: (v) => _t("%(field)s is on or before %(value)s", v),
        on_or_after: (v) => _t("%(field)s is on or after %(value)s", v),
        before: (v) => _t("%(field)s is before %(value)s", v),
        after: (v) => _t("%(field)s is after %(value)s", v),
    },
    yesno: {
        yes: (v) => _t("“%(field)s” is yes", v),
        no: (v) => _t("“%(field)s” is no", v),
        either: (v) => _t("“%(field)s” is yes or no", v),
    },
    records: {
        any: (v) => _t("%(field)s has any of %(value)s", v),
        all: (v) => _t("%(field)s has all of %(value)s", v),
        none: (v) => _t("%(field)s has none of %(value)s", v),
    },
};

const quoted = (text) => _t("“%s”", text).toString();
const dayInWords = (day) => formatDate(deserializeDate(day));
const numberInWords = (number) =>
    formatFloat(number, { digits: [16, Number.isInteger(number) ? 0 : 2] });

function listInWords(values, comparison) {
    const style = { any: "or", none: "or", all: "standard" }[comparison];
    return formatList(values.map(quoted), { style });
}

/** A value in words. `nameIn` says what an id or a choice is called. */
function valueInWords(row, nameIn) {
    const { value, kind, comparison } = row;
    switch (COMPARISONS[kind][comparison].editor) {
        case "span":
            return SPANS[value.unit](value.n).toString();
        case "day":
            return dayInWords(value);
        case "number":
            return numberInWords(value);
        case "list":
            return listInWords(value.map(nameIn), comparison);
        case "words":
            return listInWords(value, comparison);
        case "none":
            return "";
        default:
            return quoted(value);
    }
}

/**
 * A condition in words.
 *
 * @param {Object} row see condition_rows
 * @param {string} field what the field is called
 * @param {(value: any) => string} nameIn what a value is called
 */
export function sayRow(row, field, nameIn) {
    const { kind, comparison } = row;
    const sentence = SENTENCES[kind]?.[comparison] || SENTENCES[comparison];
    if (COMPARISONS[kind][comparison].editor.match(/^(numbers|days)$/)) {
        const inWords = kind === "date" ? dayInWords : numberInWords;
        const [low, high] = row.value.map(inWords);
        return sentence({ field, low, high }).toString();
    }
    return sentence({ field, value: valueInWords(row, nameIn) }).toString();
}

/** Sentences joined to one. */
export function joinSentences(match, sentences) {
    const join =
        match === "all"
            ? (first, second) => _t("%(first)s and %(second)s", { first, second })
            : (first, second) => _t("%(first)s or %(second)s", { first, second });
    return sentences.reduce((first, second) => join(first, second).toString());
}

export function inBrackets(sentence) {
    return _t("(%s)", sentence).toString();
}

/** The whole condition in words. */
export function sayAll(records, conditions) {
    return conditions
        ? _t("All %(records)s whose %(conditions)s.", { records, conditions }).toString()
        : _t("No condition: all %(records)s.", { records }).toString();
}
