import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  test: { name: "console", include: ["tests/**/*.test.{ts,tsx}"] },
});
