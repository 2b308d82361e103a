import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/**
 * Debian's Chromium, or the one that the environment names: none is downloaded. The one without windows comes first: it
 * renders the same for a fifth less of the processor.
 */
const executablePath = [
  process.env.POSTHORN_CHROMIUM,
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined) {
  throw new Error(
    "no Chromium: install the package `chromium-headless-shell`, or set POSTHORN_CHROMIUM to its path",
  );
}

export default defineConfig({
  testMatch: ["stories/**/*.story.ts", "pages/**/*.page.ts"],
  globalSetup: "./stack/global-setup.ts",
  outputDir: "../../.local/browser/results",
  reporter: [["list"]],
  fullyParallel: true,
  workers: 2,
  // A test that fails once has failed.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    // Pictures of every frame would take as much of the processor as the rest of the test.
    trace: { mode: "retain-on-failure", screenshots: false, sources: false },
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
