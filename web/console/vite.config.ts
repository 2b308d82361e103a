import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In development the api of `make run` answers what begins with /api; set POSTHORN_API_URL for another.
const api = process.env.POSTHORN_API_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  // The api puts another nonce in its place with each answer.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2022",
    // For what weighs the first load.
    manifest: true,
    // A font or picture in the text of a style sheet would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": api, "/docs": api } },
});
