// One page, cut by route, with hashed names. A gateway serves it from `/`; while developing, Vite does and passes
// `/api` and `/v1` on to a gateway that runs: TOLLGATE=http://127.0.0.1:8080 npm run dev
import {defineConfig} from 'vite';

const gateway = process.env.TOLLGATE ?? 'http://127.0.0.1:8080';
// Vite changes the origin that the browser sent; the gateway refuses a change that comes from elsewhere.
const proxy = {target: gateway, headers: {origin: gateway}};

export default defineConfig({
  clearScreen: false,
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact'},
  build: {
    outDir: process.env.TOLLGATE_WEB_DIST ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // no data: URLs, which the page's security policy would refuse
    modulePreload: {polyfill: false},
    reportCompressedSize: true,
  },
  server: {proxy: {'/api': proxy, '/v1': proxy, '/health': proxy}},
  test: {include: ['tests/**/*.test.ts']},
});
