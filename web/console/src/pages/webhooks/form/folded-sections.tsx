import { Accordion, Group, Text } from "@mantine/core";
import type { ComponentType } from "react";
import { useLiveErrors, useWebhookFields } from "./context.ts";
import classes from "./folded-sections.module.css";
import { type Section, sectionsOf } from "./problems.ts";
import { Headers } from "./sections/headers.tsx";
import { Limits } from "./sections/limits.tsx";
import { Payload } from "./sections/payload.tsx";
import { Retries } from "./sections/retries.tsx";
import { Security } from "./sections/security.tsx";
import { summaries } from "./summaries.ts";

const folded: readonly [keyof typeof summaries, string, ComponentType][] = [
  ["payload", "Payload", Payload],
  ["security", "Authentication", Security],
  ["headers", "Headers and signature", Headers],
  ["retries", "Retries", Retries],
  ["limits", "Limits", Limits],
];

/** What has good defaults: each part says in a line what is set, and unfolds to change it. */
export function FoldedSections(props: {
  open: readonly Section[];
  onOpen: (open: readonly Section[]) => void;
}) {
  const { values, errors } = useWebhookFields();
  const live = useLiveErrors();
  const wrong = sectionsOf([...Object.keys(errors), ...Object.keys(live)]);
  return (
    <Accordion
      multiple
      variant="separated"
      classNames={classes}
      order={2}
      value={[...props.open]}
      onChange={(open) =>
        props.onOpen(folded.map(([section]) => section).filter((section) => open.includes(section)))
      }
    >
      {folded.map(([section, title, Fields]) => (
        <Accordion.Item key={section} value={section}>
          <Accordion.Control>
            <Group justify="space-between" gap={4} wrap="wrap">
              <Text fw={600} span>
                {title}
              </Text>
              <Text
                size="sm"
                span
                truncate
                maw={{ base: "100%", sm: 420 }}
                c={wrong.includes(section) ? "var(--mantine-color-error)" : "dimmed"}
              >
                {wrong.includes(section) ? "Something is not right" : summaries[section](values)}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Fields />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
