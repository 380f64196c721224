import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "docs/api/**", "examples/typescript-template/**"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An Output in a template literal prints its type, never its value.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: false }],
      // Components are created for their effect on the stack.
      "no-new": "off",
      // Taking members out by destructuring is how the rest is made.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
    },
  },
  {
    // Their own tsconfig.json would have the packages from where they are installed, as only their users do.
    files: ["examples/**/*.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.json" } },
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
