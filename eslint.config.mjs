import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { requireReasons } from './scripts/lint-reasons.mjs';

const scripts = ['**/*.mjs', '**/*.cjs', '**/*.js'];

export default defineConfig(
  globalIgnores(['.next/', '.data/', 'drizzle/', 'node_modules/', 'next-env.d.ts', 'test-results/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { house: { rules: { 'directive-reasons': requireReasons } } },
    rules: {
      'house/directive-reasons': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      // A Drizzle query is a thenable and no Promise: without checkThenables one that is never awaited,
      // and so never runs, goes unseen.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      // `interface` and `type` each read better in places; the house does not choose.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // An arrow that does nothing on purpose is clear enough.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings are parsed once, in lib/base/env.ts: use env().',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'process',
              importNames: ['env'],
              message: 'Settings are parsed once, in lib/base/env.ts.',
            },
            {
              name: 'node:process',
              importNames: ['env'],
              message: 'Settings are parsed once, in lib/base/env.ts.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.tsx', 'app/**/*.ts'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  {
    files: ['lib/**/*.ts', 'app/**/route.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Requests leave through one door: lib/base/outside-fetch.ts.' },
      ],
    },
  },
  {
    files: ['lib/*/rules.ts', 'lib/*/input.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is passed in.' },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Time is passed in.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'Chance is passed in.',
        },
      ],
    },
  },
  // The one reader of the environment; and Next replaces NEXT_RUNTIME when it builds.
  { files: ['lib/base/env.ts', 'instrumentation.ts'], rules: { 'no-restricted-properties': 'off' } },
  // Next and the tools look for a default export in these files.
  {
    files: [
      'app/**/{page,layout,loading,error,not-found,forbidden,unauthorized,global-error,template,default}.tsx',
      'app/**/{manifest,robots,sitemap,icon,opengraph-image}.{ts,tsx}',
      '*.config.{ts,mjs}',
      '.dependency-cruiser.mjs',
      'tests/support/{test-server,e2e-setup}.ts',
      'tests/browsers/{playwright.config,setup}.ts',
      'tests/{deploy,faults}/vitest.config.ts',
    ],
    rules: { 'no-restricted-exports': 'off' },
  },
  // Programs that a person starts: they talk on the terminal and read what they were given.
  {
    files: ['lib/cli/**', 'demo/**', 'scripts/**', 'tests/**', '*.config.{ts,mjs}'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'tests/**'],
    rules: {
      // Playwright's fixtures may take nothing: `async ({}, use) => …`.
      'no-empty-pattern': 'off',
      // A method given to expect() is not called on its own.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: scripts,
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
  // PM2 reads its settings by require().
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', __dirname: 'readonly' } },
  },
  // Small scripts of pages that have no framework.
  {
    files: ['public/**/*.js'],
    languageOptions: { globals: { window: 'readonly', document: 'readonly', crypto: 'readonly' } },
  },
);
