import lwcRecommendedTs from '@salesforce/eslint-config-lwc/recommended-ts.js';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Whatever reaches another server goes through Apex; whatever is shown goes through the template. */
const restrictedGlobals = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'console'].map((name) => ({
  name,
  message: 'A component speaks to the platform alone: through Apex, empApi and toasts.',
}));

export default defineConfig([
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { ignores: ['**/node_modules/**', 'force-app/main/default/lwc/*/*.js'] },
  {
    files: ['force-app/**/*.ts'],
    // The parser of the second one replaces that of the first.
    extends: [lwcRecommendedTs, ...tseslint.configs.strict],
    rules: {
      'no-restricted-globals': ['error', ...restrictedGlobals],
      'no-console': 'error',
      '@lwc/lwc/no-async-operation': 'error',
      '@lwc/lwc/no-inner-html': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // A promise that nobody waits for is marked with void, as everywhere in this repository.
      'no-void': 'off',
      // Prettier writes arrows and conditions; tsc knows when a switch is complete.
      'no-confusing-arrow': 'off',
      'consistent-return': 'off',
      'default-case': 'off',
      'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
    },
  },
  {
    files: ['force-app/**/__tests__/**/*.ts', 'force-app/test/**/*.ts'],
    languageOptions: { globals: { ...globals.node, ...globals.jest } },
    rules: {
      '@lwc/lwc/no-async-operation': 'off',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
]);
