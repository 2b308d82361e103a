import { ApiProblem } from "@posthorn/client";
import { capital } from "./capital.ts";

/**
 * What a problem says of one field of a form: of the field itself, or of what is in it (`schema/properties/id`,
 * `auth.token`, `event_types[1]`).
 */
export function fieldError(problem: unknown, field: string): string | undefined {
  if (!(problem instanceof ApiProblem)) return undefined;
  const told = [...problem.fields].filter(([path]) => isWithin(path, field));
  if (told.length === 0) return undefined;
  return told.map(([path, detail]) => sentence(path.slice(field.length), detail)).join(". ");
}

/** Whether all that a problem says stands beside one of these fields, so that nothing is left to say above the form. */
export function isToldBeside(problem: unknown, fields: readonly string[]): boolean {
  if (!(problem instanceof ApiProblem) || problem.fields.size === 0) return false;
  return [...problem.fields.keys()].every((path) => fields.some((field) => isWithin(path, field)));
}

function isWithin(path: string, field: string): boolean {
  return path === field || (path.startsWith(field) && /^[/.[]/.test(path.slice(field.length)));
}

function sentence(place: string, detail: string): string {
  return capital(place === "" ? detail : `${place}: ${detail}`);
}
