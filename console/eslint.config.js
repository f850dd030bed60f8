import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const NOUNS = { group: ["../*/features/*"], message: "Features import each other by ../<noun>/ only." };
const NO_APP = { group: ["**/app/*"], message: "app imports features, not the other way round." };
// What everybody loads must not bring the operator's pages along.
const NO_ADMIN = { group: ["../admin/**", "../../admin/**"], message: "admin imports the other features, not the other way round." };

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts", "public", "eslint.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  jsxA11y.flatConfigs.recommended,
  reactHooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/only-throw-error": "off", // the router's redirects are thrown
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "jsx-a11y/no-autofocus": "off", // a door or a dialog has one thing to fill in first
      "jsx-a11y/no-noninteractive-tabindex": "off", // what scrolls must be reachable by keyboard
      "no-restricted-imports": ["error", { patterns: [NOUNS] }],
    },
  },
  { files: ["src/features/**"], rules: { "no-restricted-imports": ["error", { patterns: [NOUNS, NO_APP] }] } },
  {
    files: ["src/features/**"],
    ignores: ["src/features/admin/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [NOUNS, NO_APP, NO_ADMIN] }] },
  },
);
