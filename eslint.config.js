import tseslint from 'typescript-eslint';

const PURE = [
  'model', 'diagnostics', 'shell', 'graph', 'yaml', 'regex', 'jinja', 'inventory', 'sls', 'grains', 'disks', 'resources', 'plan',
  'rollout', 'engine',
]; // prettier-ignore

const castToScript = {
  selector: "TSAsExpression > TSTypeReference[typeName.name='Script']",
  message: 'A Script is made by lib/shell only: a cast would let unquoted text reach a host.',
};
const newDateWithoutArgument = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'The core does not ask the time: take it as an argument.',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', castToScript],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Recurses without end on recursive unions of functions (8.73.0).
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  { files: ['lib/shell/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: PURE.filter((room) => room !== 'shell').map((room) => `lib/${room}/**/*.ts`),
    rules: {
      'no-restricted-syntax': ['error', castToScript, newDateWithoutArgument],
      'no-restricted-globals': [
        'error',
        ...['process', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'performance'].map(
          (name) => ({
            name,
            message: 'The core computes; it does not read, write, wait or print. Take it as a port.',
          }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Take randomness as an argument.' },
      ],
    },
  },
  { files: ['lib/reporters/**/*.ts', 'test/**/*.ts', 'bin/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['**/*.js', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
);
