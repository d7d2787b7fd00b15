import { fileURLToPath } from 'node:url';

import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

import { firstPaintScript, serviceWorkerScript } from './standalone_scripts';

// What `npx vite` passes requests on to: script/server on its usual port.
const server = process.env.PARLEY_SERVER ?? 'http://127.0.0.1:6001';

export default defineConfig({
  plugins: [vue(), firstPaintScript(), serviceWorkerScript()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  // The policy of the page allows no inline code and no data: URLs, so that nothing is inlined.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // 4 % smaller than what esbuild makes.
    minify: 'terser',
    terserOptions: { ecma: 2020, compress: { ecma: 2020, passes: 3 }, format: { comments: false } },
  },
  // Vue's server-only and options-API parts are left out of the bundle.
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false },
  server: {
    proxy: { '/api': server, '/broadcasting': server, '/web': server, '/app': { target: server, ws: true } },
  },
});
