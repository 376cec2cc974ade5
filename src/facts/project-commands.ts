/**
 * Programs that work on the project in their working directory and write nowhere else: what they make lies below it.
 * A program that is not here, in a package manager or in the table of file commands may write anywhere.
 */
const projectPrograms = new Set([
  'astro', 'black', 'django-admin', 'esbuild', 'eslint', 'flask', 'go', 'gradlew', 'jest', 'mvnw', 'nest', 'next', 'ng',
  'node', 'nuxi', 'nuxt', 'parcel', 'prisma', 'protoc', 'pytest', 'python', 'python2', 'python3', 'react-scripts',
  'remix', 'rollup', 'svelte-kit', 'swc', 'tailwindcss', 'ts-node', 'tsc', 'tsup', 'tsx', 'turbo', 'vite', 'vue-cli-service',
  'webpack', 'alembic', 'cmake', 'ninja', 'meson', 'templ', 'sqlc', 'swag', 'buf', 'mypy', 'ruff', 'node-gyp', 'gulp', 'grunt', 'nx', 'hugo', 'mkdocs',
]);

/** Whether a call only works below its working directory. `program` is a base name; `args` follow it. */
export function isProjectCommand(program: string, args: readonly (string | undefined)[]): boolean {
  if (program === 'make') return !args.some((arg) => arg === undefined || arg.includes('install'));
  return projectPrograms.has(program.replace(/^(python3)\.\d+$/, '$1'));
}
