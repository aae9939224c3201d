// Odoo's own rules for its scripts (addons/web/tooling), and what finds mistakes besides.
// Layout is Prettier's alone. Nothing is imported, so that it is read wherever the packages
// are.

const names = (list, value = "readonly") =>
    Object.fromEntries(list.split(/\s+/).map((name) => [name, value]));

const BROWSER = names(
    "AbortController Blob BroadcastChannel CSS CustomEvent DOMParser DataTransfer Element Event " +
        "EventTarget File FileReader FormData HTMLElement Image IntersectionObserver " +
        "KeyboardEvent MouseEvent MutationObserver Node Notification PointerEvent Promise " +
        "ResizeObserver URL URLSearchParams cancelAnimationFrame clearInterval clearTimeout " +
        "console document fetch getComputedStyle history localStorage location matchMedia " +
        "createImageBitmap navigator performance queueMicrotask requestAnimationFrame sessionStorage setInterval " +
        "setTimeout structuredClone window XMLHttpRequest",
);
const ODOO = names("Chart luxon odoo");

export default [
    {
        files: ["addons/**/*.js"],
        ignores: ["**/static/lib/**"],
        linterOptions: { reportUnusedDisableDirectives: "error" },
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...BROWSER, ...ODOO },
        },
        rules: {
            "arrow-body-style": ["error", "as-needed"],
            "constructor-super": "error",
            curly: ["error", "all"],
            eqeqeq: ["error", "always", { null: "ignore" }],
            "for-direction": "error",
            "getter-return": "error",
            "no-async-promise-executor": "error",
            "no-class-assign": "error",
            "no-compare-neg-zero": "error",
            "no-cond-assign": "error",
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-const-assign": "error",
            "no-constant-binary-expression": "error",
            "no-constant-condition": "error",
            "no-control-regex": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-class-members": "error",
            "no-dupe-else-if": "error",
            "no-dupe-keys": "error",
            "no-duplicate-case": "error",
            "no-duplicate-imports": "error",
            "no-empty": "error",
            "no-empty-pattern": "error",
            "no-eval": "error",
            "no-ex-assign": "error",
            "no-extra-boolean-cast": "error",
            "no-fallthrough": "error",
            "no-func-assign": "error",
            "no-global-assign": "error",
            "no-implied-eval": "error",
            "no-import-assign": "error",
            "no-invalid-regexp": "error",
            "no-irregular-whitespace": "error",
            "no-loss-of-precision": "error",
            "no-misleading-character-class": "error",
            "no-prototype-builtins": "error",
            "no-redeclare": "error",
            "no-regex-spaces": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": ["error", "PrivateIdentifier"],
            "no-self-assign": "error",
            "no-setter-return": "error",
            "no-shadow-restricted-names": "error",
            "no-sparse-arrays": "error",
            "no-this-before-super": "error",
            "no-undef": "error",
            "no-unexpected-multiline": "error",
            "no-unreachable": "error",
            "no-unreachable-loop": "error",
            "no-unsafe-finally": "error",
            "no-unsafe-negation": "error",
            "no-unsafe-optional-chaining": "error",
            "no-unused-labels": "error",
            "no-unused-vars": [
                "error",
                { vars: "all", args: "none", ignoreRestSiblings: false, caughtErrors: "all" },
            ],
            "no-useless-backreference": "error",
            "no-useless-catch": "error",
            "no-useless-escape": "error",
            "no-var": "error",
            "no-with": "error",
            "object-shorthand": "error",
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
            "prefer-template": "error",
            "require-yield": "error",
            "use-isnan": "error",
            "valid-typeof": "error",
        },
    },
];
