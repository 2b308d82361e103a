import type { Problem } from "./types.ts";

/** Something that the api refused, or that did not reach it. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** A stable word for the kind of problem, such as `webhook_not_found`; `unreachable` where there was no answer. */
  readonly code: string;
  /** What is wrong in this case, in a sentence. */
  readonly detail: string;
  /** What is wrong with each field, by the field's path. */
  readonly fields: ReadonlyMap<string, string>;
  /** Names the request in the api's log. */
  readonly requestId: string | undefined;
  /** Seconds after which it is worth trying again, where the api said so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Omit<Problem, "type">, requestId?: string, retryAfter?: number) {
    super(problem.detail || problem.title);
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    const fields = new Map<string, string>();
    // A field may have more than one mistake.
    for (const { field, detail } of problem.errors ?? []) {
      const told = fields.get(field);
      fields.set(field, told === undefined ? detail : `${told}; ${detail}`);
    }
    this.fields = fields;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later: there was no answer, or the api asked to come again. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Reads the problem that an answer carries; of an answer by somebody between us and the api, its status. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const seconds = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const retryAfter = Number.isNaN(seconds) ? undefined : seconds;
  const body: unknown = await response.json().catch(() => undefined);
  const problem: Omit<Problem, "type"> = isProblem(body)
    ? body
    : {
        status: response.status,
        title: response.statusText,
        code: "unexpected_answer",
        detail: `The answer was ${response.status} ${response.statusText}`.trim(),
      };
  return new ApiProblem(problem, requestId, retryAfter);
}

/** The problem of a request that got no answer. */
export function unreachable(cause: unknown): ApiProblem {
  const problem = new ApiProblem({
    status: 0,
    title: "No answer",
    code: "unreachable",
    detail: "Posthorn did not answer. Check the connection; what was shown last may be out of date.",
  });
  problem.cause = cause;
  return problem;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "status" in body && "detail" in body;
}
