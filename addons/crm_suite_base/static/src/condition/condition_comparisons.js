import { condition, connector } from "@web/core/tree_editor/condition_tree";

/**
 * What can be asked of a field, by the kind of the field. Nothing here knows a screen.
 *
 * A comparison is written as conditions (`write`) joined by `join`, and read back from
 * conditions of one field (`read`: the value, or undefined where it is another one). What
 * is written with relative days stays relative: "today -30d" is reckoned by the server on
 * the day it is asked, and a day counts from midnight to midnight.
 */

/** @typedef {{n: number, unit: "d"|"w"|"m"|"y"}} Span */

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const BACK = /^today -(\d+)([dwmy])$/;
const AHEAD = /^today \+(\d+)([dwmy]) \+1d$/;
const WILD = /[%_\\]/;

export const KIND_OF_TYPE = {
    char: "text",
    text: "text",
    html: "text",
    integer: "number",
    float: "number",
    monetary: "number",
    date: "date",
    datetime: "date",
    boolean: "yesno",
    selection: "choice",
    many2one: "record",
    many2many: "records",
    one2many: "records",
};

const isText = (value) => typeof value === "string" && value !== "";
const isNumber = (value) => typeof value === "number";
const isId = (value) => Number.isInteger(value) && value > 0;
const isDay = (value) => isText(value) && ISO_DAY.test(value);
const isSpan = (value) => Number.isInteger(value?.n) && value.n >= 0;
const someOf = (test) => (value) => Array.isArray(value) && value.length > 0 && value.every(test);
const pairOf = (test) => (value) => Array.isArray(value) && value.length === 2 && value.every(test);

const back = ({ n, unit }) => `today -${n}${unit}`;
const ahead = ({ n, unit }) => `today +${n}${unit} +1d`;
const span = (pattern) => (value) => {
    const [, n, unit] = (typeof value === "string" && value.match(pattern)) || [];
    return unit ? { n: Number(n), unit } : undefined;
};
const spanBack = span(BACK);
const spanAhead = span(AHEAD);

/** One condition, whose operator may also have been written in other ways. */
function single(editor, test, operator, more = {}) {
    const { pack = (v) => v, unpack = (v) => v, others = {} } = more;
    return {
        editor,
        isComplete: (value) => test(value),
        write: (value) => [[operator, pack(value)]],
        read([[found, value], ...rest]) {
            if (rest.length) {
                return undefined;
            }
            if (found === operator) {
                const unpacked = unpack(value);
                return test(unpacked) ? unpacked : undefined;
            }
            const other = others[found]?.(value);
            return other !== undefined && test(other) ? other : undefined;
        },
    };
}

/** Several conditions, or one that needs no value. */
function fixed(conditions, { join = "&", alike = [] } = {}) {
    const ways = [conditions, ...alike].map((way) => JSON.stringify(way));
    return {
        join,
        editor: "none",
        isComplete: () => true,
        write: () => conditions,
        read: (found) => (ways.includes(JSON.stringify(found)) ? null : undefined),
    };
}

const emptiness = {
    empty: fixed([["=", false]]),
    filled: fixed([["!=", false]]),
};

const listed = (test, operator, one) =>
    single("list", someOf(test), operator, { others: { [one]: (value) => [value] } });

const escaped = (text) => text.replace(/[%_\\]/g, "\\$&");
const begins = {
    pack: (text) => `${escaped(text)}%`,
    unpack: (text) =>
        isText(text) && text.endsWith("%") && !WILD.test(text.slice(0, -1))
            ? text.slice(0, -1)
            : undefined,
};

function betweenOf(editor, test) {
    return {
        join: "&",
        pair: true,
        editor,
        isComplete: pairOf(test),
        write: ([low, high]) => [
            [">=", low],
            ["<=", high],
        ],
        read(found) {
            const [[first, low], [second, high]] = found.length === 2 ? found : [[], []];
            return first === ">=" && second === "<=" && test(low) && test(high)
                ? [low, high]
                : undefined;
        },
    };
}

/** A span of days that begins or ends today. */
const within = (write, pick) => ({
    join: "&",
    pair: true,
    editor: "span",
    isComplete: isSpan,
    write,
    read(found) {
        const value = found.length === 2 ? pick(found) : undefined;
        return value && JSON.stringify(write(value)) === JSON.stringify(found) ? value : undefined;
    },
});

const olderOrNever = {
    join: "|",
    pair: true,
    editor: "span",
    isComplete: isSpan,
    write: (value) => [
        ["=", false],
        ["<", back(value)],
    ],
    read(found) {
        const never = found.find(([operator, value]) => operator === "=" && value === false);
        const older = found.find(([operator]) => operator === "<");
        return found.length === 2 && never && older ? spanBack(older[1]) : undefined;
    },
};

const between = (from, to) =>
    fixed([
        [">=", from],
        ["<", to],
    ]);
const relative = (operator, pack, unpack) => single("span", isSpan, operator, { pack, unpack });
const compared = (operator) => single("number", isNumber, operator);
const dated = (operator) => single("day", isDay, operator);

const hasAll = {
    join: "&",
    many: true,
    editor: "list",
    isComplete: someOf(isId),
    write: (ids) => ids.map((id) => ["in", [id]]),
    read(found) {
        const ids = found.map(([operator, value]) =>
            operator === "in" && value?.length === 1 ? value[0] : operator === "=" ? value : null,
        );
        return ids.length > 1 && ids.every(isId) ? ids : undefined;
    },
};

const named = {
    named: single("text", isText, "ilike"),
    unnamed: single("text", isText, "not ilike"),
};

const chosen = (test) => ({
    any: listed(test, "in", "="),
    none: listed(test, "not in", "!="),
});

/** By kind: what may be asked, in the order in which it is offered. */
export const COMPARISONS = {
    text: {
        contains: single("text", isText, "ilike"),
        contains_not: single("text", isText, "not ilike"),
        is: single("text", isText, "="),
        is_not: single("text", isText, "!="),
        any: single("words", someOf(isText), "in"),
        none: single("words", someOf(isText), "not in"),
        begins: single("text", isText, "=ilike", begins),
        ...emptiness,
    },
    number: {
        least: compared(">="),
        most: compared("<="),
        between: betweenOf("numbers", isNumber),
        more: compared(">"),
        less: compared("<"),
        is: compared("="),
        is_not: compared("!="),
        ...emptiness,
    },
    date: {
        older: relative("<", back, spanBack),
        older_or_never: olderOrNever,
        last: within(
            (value) => [
                [">=", back(value)],
                ["<", "today +1d"],
            ],
            ([[, from]]) => spanBack(from),
        ),
        next: within(
            (value) => [
                [">=", "today"],
                ["<", ahead(value)],
            ],
            ([, [, to]]) => spanAhead(to),
        ),
        until: relative("<", ahead, spanAhead),
        beyond: relative(">=", ahead, spanAhead),
        since: relative(">=", back, spanBack),
        past: fixed([["<", "today"]]),
        today: between("today", "today +1d"),
        future: fixed([[">=", "today"]]),
        this_week: between("today =week_start", "today =week_start +7d"),
        this_month: between("today =1d", "today =1d +1m"),
        last_month: between("today =1d -1m", "today =1d"),
        next_month: between("today =1d +1m", "today =1d +2m"),
        this_year: between("today =1m =1d", "today =1m =1d +1y"),
        on_or_before: dated("<="),
        on_or_after: dated(">="),
        between: betweenOf("days", isDay),
        before: dated("<"),
        after: dated(">"),
        ...emptiness,
    },
    yesno: {
        yes: fixed([["=", true]], { alike: [[["!=", false]]] }),
        no: fixed([["=", false]], { alike: [[["!=", true]]] }),
        either: fixed([["in", [true, false]]]),
    },
    choice: { ...chosen(isText), ...emptiness },
    record: { ...chosen(isId), ...named, ...emptiness },
    records: {
        any: chosen(isId).any,
        all: hasAll,
        none: chosen(isId).none,
        ...named,
        ...emptiness,
    },
};

/** Of several conditions on a path over other records, each could be met by another
 * record, so that only what is one condition is asked there. */
export function isOffered(kind, key, path) {
    const { pair, many, join } = COMPARISONS[kind][key];
    if (kind === "yesno" && key === "either") {
        return path === "active";
    }
    return !path.includes(".") || !(pair || many || join === "|");
}

/** The conditions a comparison stands for, as a tree. */
export function writeComparison(path, kind, key, value) {
    const { join = "&", write } = COMPARISONS[kind][key];
    const children = write(value).map(([operator, asked]) => condition(path, operator, asked));
    return children.length === 1 ? children[0] : connector(join, children);
}

/**
 * The comparison that conditions of one field stand for.
 *
 * @param {string} kind
 * @param {"&"|"|"|null} join how they are joined; null for a single one
 * @param {[string, any][]} found operators and values
 * @returns {{comparison: string, value: any}|null}
 */
export function readComparison(kind, join, found) {
    for (const [key, comparison] of Object.entries(COMPARISONS[kind])) {
        if (join && (comparison.join || "&") !== join) {
            continue;
        }
        const value = comparison.read(found);
        if (value !== undefined) {
            return { comparison: key, value };
        }
    }
    return null;
}
