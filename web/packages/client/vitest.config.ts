import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  test: { name: "client", include: ["tests/**/*.test.{ts,tsx}"] },
});
