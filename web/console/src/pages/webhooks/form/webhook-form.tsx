import { Box, Button, Group, Stack } from "@mantine/core";
import type { Webhook } from "@posthorn/client";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { LeaveGuard } from "../../../parts/leave-guard.tsx";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { ButtonTo } from "../../../parts/to.tsx";
import { SurroundingsContext, useWebhookForm, WebhookFormProvider } from "./context.ts";
import { FoldedSections } from "./folded-sections.tsx";
import { PreviewPanel } from "./preview/preview-panel.tsx";
import { firstSample } from "./preview/sample.ts";
import { usePreview } from "./preview/use-preview.ts";
import { fieldErrors, type Section, sectionsOf } from "./problems.ts";
import { Destination } from "./sections/destination.tsx";
import { Events } from "./sections/events.tsx";
import { validate } from "./validate.ts";
import type { WebhookValues } from "./values.ts";
import classes from "./webhook-form.module.css";

/** The form of a webhook, new or not, with a preview of what it would send. */
export function WebhookForm(props: {
  initial: WebhookValues;
  stored?: Webhook;
  action: string;
  /** Saves; what it throws is told in the form. */
  onSave: (values: WebhookValues) => Promise<void>;
  /** Tells a refusal in words of its own, with a way out that ends in `onDone`; undefined: it is told as ever. */
  explain?: (problem: unknown, onDone: () => void) => ReactNode;
}) {
  const { stored } = props;
  const form = useWebhookForm({
    initialValues: props.initial,
    validate: (values) => validate(values, stored),
  });
  const [open, setOpen] = useState<readonly Section[]>([]);
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const [isSaved, setIsSaved] = useState(false);
  const [sample, setSample] = useState(firstSample);
  const preview = usePreview(form.values, sample);
  const element = useRef<HTMLFormElement>(null);
  const { fields: live } = preview;
  const surroundings = useMemo(() => ({ stored, live }), [stored, live]);

  const showErrors = (errors: Record<string, unknown>) => {
    setOpen((before) => [...new Set([...before, ...sectionsOf(Object.keys(errors))])]);
    // After the parts that hold them are open.
    setTimeout(() => element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const save = async (values: WebhookValues) => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      setIsSaved(true);
      await props.onSave(values);
    } catch (refusal) {
      setIsSaved(false);
      const { errors, isComplete } = fieldErrors(refusal, values);
      form.setErrors(errors);
      if (!isComplete) setProblem(refusal);
      showErrors(errors);
    } finally {
      setIsBusy(false);
    }
  };

  const goOn = () => {
    setProblem(undefined);
    // What was pressed goes away with its message.
    element.current?.querySelector<HTMLElement>("[type=submit]")?.focus();
  };

  return (
    <WebhookFormProvider form={form}>
      <SurroundingsContext value={surroundings}>
        <LeaveGuard isDirty={form.isDirty() && !isSaved} />
        <form ref={element} onSubmit={form.onSubmit(save, showErrors)} noValidate className={classes.form}>
          <Stack gap="md" miw={0}>
            <Destination />
            <Events />
            <FoldedSections open={open} onOpen={setOpen} />
          </Stack>
          <Box className={classes.preview}>
            <PreviewPanel values={form.values} sample={sample} onSample={setSample} preview={preview} />
          </Box>
          <Box className={classes.foot}>
            {problem !== undefined && (props.explain?.(problem, goOn) ?? <ProblemAlert problem={problem} />)}
            <Group gap="xs">
              <Button type="submit" loading={isBusy}>
                {props.action}
              </Button>
              {stored === undefined ? (
                <ButtonTo to="/webhooks" variant="default">
                  Cancel
                </ButtonTo>
              ) : (
                <ButtonTo to="/webhooks/$id" params={{ id: stored.id }} variant="default">
                  Cancel
                </ButtonTo>
              )}
            </Group>
          </Box>
        </form>
      </SurroundingsContext>
    </WebhookFormProvider>
  );
}
