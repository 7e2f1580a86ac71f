import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/studio/',
  plugins: [react()],
  // The broker puts a fresh nonce in its place on every load.
  html: { cspNonce: '{{nonce}}' },
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false },
})
