import { expect, test } from "vitest";
import { parseSchedule, scheduleText } from "../../../../src/pages/webhooks/form/schedule.ts";

test("reads delays in the units that people write", () => {
  expect(parseSchedule("10, 30s, 5 min,1h 30m\n2 d")).toEqual({ seconds: [10, 30, 300, 5_400, 172_800] });
  expect(parseSchedule(" ")).toEqual({ seconds: [] });
  expect(parseSchedule("0")).toEqual({ seconds: [0] });
});

test("says which one it does not understand", () => {
  for (const odd of ["soon", "5 parsecs", "-3", "1.5 h", "5 min later"]) {
    expect(parseSchedule(`10 s, ${odd}`), odd).toEqual({ mistake: expect.stringContaining(`“${odd}”`) });
  }
});

test("writes what it can read", () => {
  const seconds = [0, 1, 60, 90, 3_600, 5_400, 86_400, 604_800];
  expect(parseSchedule(scheduleText(seconds))).toEqual({ seconds });
});
