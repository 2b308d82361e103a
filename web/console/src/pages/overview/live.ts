/** How often the overview asks again while it is looked at, in milliseconds. */
export const LIVE_MS = 5_000;
