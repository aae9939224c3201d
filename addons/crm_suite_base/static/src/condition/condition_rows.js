import {
    addChild,
    areEqualTrees,
    cloneTree,
    connector,
    Expression,
    formatValue,
    isTree,
} from "@web/core/tree_editor/condition_tree";
import { constructDomainFromTree } from "@web/core/tree_editor/construct_domain_from_tree";
import { constructTreeFromDomain } from "@web/core/tree_editor/construct_tree_from_domain";
import { COMPARISONS, readComparison, writeComparison } from "./condition_comparisons";

/**
 * Conditions as rows, and rows as conditions. Nothing here knows a screen.
 *
 * A list of rows is `{match: "all"|"any", rows}`. A row is
 *  - `{path, kind, comparison, value, tree}`: a field, what is asked of it and with which
 *    value; `tree` is how it was written, and is gone as soon as somebody changes the row;
 *  - `{match, rows}`: a group within the list, one level deep;
 *  - `{advanced: true, tree}`: what rows cannot show. It stays as it was written.
 *
 * What nobody changes is written as it was read.
 */

const MATCH = { "&": "all", "|": "any" };
const JOIN = { all: "&", any: "|" };

let lastKey = 0;

export function keyed(row) {
    return { ...row, key: ++lastKey };
}

/** The tree of a domain, or null where it cannot be read. */
export function treeOf(domain) {
    try {
        return constructTreeFromDomain(domain || "[]");
    } catch {
        return null;
    }
}

/** The paths that conditions of a tree ask about. */
export function pathsOf(tree) {
    if (tree.type === "connector") {
        return [...new Set(tree.children.flatMap(pathsOf))];
    }
    return typeof tree.path === "string" ? [tree.path] : [];
}

const isSimple = (tree) =>
    tree.type === "condition" &&
    !tree.negate &&
    typeof tree.path === "string" &&
    typeof tree.operator === "string" &&
    !isTree(tree.value) &&
    ![tree.value].flat().some((value) => value instanceof Expression);

/** A row for conditions of one field, or null where no comparison stands for them. */
function readConditions(children, join, kindOf) {
    const [{ path }] = children;
    if (!children.every((child) => isSimple(child) && child.path === path)) {
        return null;
    }
    const kind = kindOf(path);
    const found = children.map(({ operator, value }) => [operator, value]);
    const read = kind && readComparison(kind, join, found);
    if (!read) {
        return null;
    }
    const tree = children.length === 1 ? children[0] : connector(join, children);
    return keyed({ path, kind, ...read, tree });
}

/** How many conditions from a place on ask about the same field. */
function runFrom(children, start) {
    let end = start + 1;
    while (end < children.length && children[end].path === children[start].path) {
        end += 1;
    }
    return end - start;
}

function readOne(tree, join, kindOf, isInner) {
    if (tree.type === "condition") {
        return readConditions([tree], null, kindOf) || keyed({ advanced: true, tree });
    }
    if (tree.type === "connector" && !tree.negate && tree.children.length) {
        const whole = readConditions(tree.children, tree.value, kindOf);
        if (whole) {
            return whole;
        }
        if (!isInner) {
            return keyed({
                match: MATCH[tree.value],
                rows: readChildren(tree.children, tree.value, kindOf, true),
            });
        }
    }
    return keyed({ advanced: true, tree });
}

/** The row that begins at a place, and of how many conditions it is made: of the longest
 * run on one field that is one comparison. */
function readFrom(children, place, join, kindOf, isInner) {
    const most = join === "&" && isSimple(children[place]) ? runFrom(children, place) : 1;
    for (let length = most; length > 1; length--) {
        const row = readConditions(children.slice(place, place + length), join, kindOf);
        if (row) {
            return { row, length };
        }
    }
    return { row: readOne(children[place], join, kindOf, isInner), length: 1 };
}

function readChildren(children, join, kindOf, isInner = false) {
    const rows = [];
    for (let place = 0; place < children.length;) {
        const { row, length } = readFrom(children, place, join, kindOf, isInner);
        rows.push(row);
        place += length;
    }
    return rows;
}

/**
 * The rows of a tree.
 *
 * @param {Object} tree see treeOf
 * @param {(path: string) => string|null} kindOf the kind of the field at a path
 */
export function rowsOf(tree, kindOf) {
    if (tree.type === "connector" && !tree.negate) {
        const whole = tree.children.length && readConditions(tree.children, tree.value, kindOf);
        if (!whole) {
            return {
                match: MATCH[tree.value],
                rows: readChildren(tree.children, tree.value, kindOf),
            };
        }
        return { match: "all", rows: [whole] };
    }
    return { match: "all", rows: [readOne(tree, "&", kindOf, false)] };
}

/** Whether a row says all that it needs to be asked. */
export function isComplete(row) {
    if (row.rows) {
        return row.rows.every(isComplete);
    }
    if (row.advanced || row.tree) {
        return true;
    }
    return Boolean(row.path) && COMPARISONS[row.kind][row.comparison].isComplete(row.value);
}

/** The tree of a row, or null where it asks nothing (yet). */
function treeOfRow(row) {
    if (row.rows) {
        return treeOfRows(row);
    }
    if (row.tree) {
        return cloneTree(row.tree);
    }
    return isComplete(row) ? writeComparison(row.path, row.kind, row.comparison, row.value) : null;
}

function treeOfRows({ match, rows }) {
    const children = rows.map(treeOfRow).filter(Boolean);
    if (children.length < 2) {
        return children[0] || null;
    }
    const tree = connector(JOIN[match]);
    for (const child of children) {
        addChild(tree, child);
    }
    return tree;
}

/** The domain of rows, as a text. */
export function domainOf(list) {
    return constructDomainFromTree(treeOfRows(list) || connector("&"));
}

/** Whether two texts say the same conditions in the same order. */
export function sayTheSame(domain, other) {
    const [tree, second] = [treeOf(domain), treeOf(other)];
    return Boolean(tree && second && areEqualTrees(tree, second));
}

/** Rows as if somebody had touched each: nothing is known of how they were written. */
export function forgetting(list) {
    const forget = ({ tree, key, ...row }) => {
        if (row.rows) {
            return { ...row, rows: row.rows.map(forget) };
        }
        return row.advanced ? { ...row, tree } : row;
    };
    return { ...list, rows: list.rows.map(forget) };
}

/** The conditions of one row as a domain. */
export function domainOfRow(row) {
    return domainOf({ match: "all", rows: [row] });
}

/** A condition as it is written, where no words are known for it. */
export function asWritten(tree) {
    return tree.type === "condition" && !tree.negate
        ? [tree.path, tree.operator, isTree(tree.value) ? "…" : formatValue(tree.value)].join(" ")
        : constructDomainFromTree(tree);
}
