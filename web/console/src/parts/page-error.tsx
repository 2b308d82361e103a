import { ApiProblem } from "@posthorn/client";
import { NotFoundPage } from "./not-found.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

/** A page that cannot be shown: because there is nothing there for this key, or because something went wrong. */
export function PageError({ problem, retry }: { problem: unknown; retry?: () => void }) {
  if (problem instanceof ApiProblem && problem.status === 404) return <NotFoundPage />;
  return <ProblemAlert problem={problem} retry={retry} />;
}
