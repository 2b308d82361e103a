import { createFormContext } from "@mantine/form";
import type { Webhook } from "@posthorn/client";
import { createContext, useContext } from "react";
import type { WebhookValues } from "./values.ts";

export const [WebhookFormProvider, useWebhookFields, useWebhookForm] = createFormContext<WebhookValues>();

/** What the parts of the form know beside its values. */
export interface Surroundings {
  /** The webhook as it is stored, where there is one: some of its secrets need not be written again. */
  stored: Webhook | undefined;
  /** What the preview found wrong, by field: told before anything is saved. */
  live: Readonly<Record<string, string>>;
}

export const SurroundingsContext = createContext<Surroundings>({ stored: undefined, live: {} });

/** Connects inputs to fields by their paths; what is wrong is what was refused, or else what the preview says. */
export function useField() {
  const form = useWebhookFields();
  const live = useLiveErrors();
  return (path: string, options?: { type: "checkbox" }) => ({
    ...form.getInputProps(path, options),
    error: form.errors[path] ?? live[path],
  });
}

export function useStored(): Webhook | undefined {
  return useContext(SurroundingsContext).stored;
}

/** What the preview found wrong, by field. */
export function useLiveErrors(): Surroundings["live"] {
  return useContext(SurroundingsContext).live;
}
