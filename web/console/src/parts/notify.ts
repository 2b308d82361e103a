import { notifications } from "@mantine/notifications";
import { ApiProblem } from "@posthorn/client";

/** Says that something was done. */
export function notifyDone(message: string) {
  notifications.show({ message, color: "teal" });
}

/** Says that something failed, where no form or page is left to say it. */
export function notifyProblem(title: string, problem: unknown) {
  const requestId = problem instanceof ApiProblem ? problem.requestId : undefined;
  const detail = problem instanceof Error ? problem.message : String(problem);
  notifications.show({
    title,
    message: requestId === undefined ? detail : `${detail} (request ${requestId})`,
    color: "red",
    autoClose: 10_000,
    role: "alert",
  });
}
