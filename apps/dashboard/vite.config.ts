import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** The page as files that any server can serve, under any path: all addresses in them are relative. */
export default defineConfig({
  root: folder,
  base: './',
  // Of the development server: requests go to the service that npm start has brought up.
  server: { proxy: { '/v1': 'http://127.0.0.1:3210' } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', modulePreload: false, assetsInlineLimit: 0 },
});
