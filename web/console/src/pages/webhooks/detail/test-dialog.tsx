import { Autocomplete, Button, Group, JsonInput, Modal, Stack } from "@mantine/core";
import type { Webhook } from "@posthorn/client";
import { useAvailableEvents } from "@posthorn/client/react";
import { type FormEvent, useState } from "react";
import { isEventType } from "../../../parts/event-type-name.ts";
import { isJson, pretty } from "../../../parts/pretty.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { useCatalogue } from "../../event-types/catalogue.ts";
import { TestResult } from "./test-result.tsx";
import { dataToTest, typeToTest } from "./test-sample.ts";
import { useTest } from "./use-test.ts";

/** Sends one real request that is not recorded, and shows what the receiver makes of it. */
export function TestDialog(props: { webhook: Webhook; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={`Test ${props.webhook.name}`} size="lg">
      <Test webhook={props.webhook} />
    </Modal>
  );
}

function Test({ webhook }: { webhook: Webhook }) {
  const available = useAvailableEvents();
  const catalogue = useCatalogue();
  const [type, setType] = useState(() => typeToTest(webhook.event_types));
  const [written, setWritten] = useState<string>();
  const test = useTest(webhook.id);

  const example = catalogue?.find(({ name }) => name === type)?.example;
  // Until somebody writes data of their own, it is the example of whatever type is chosen.
  const data = written ?? pretty(dataToTest(type, example));
  const typeError = isEventType(type) ? undefined : "Letters, digits, - and _, in parts with dots between";
  const dataError = isJson(data) ? undefined : "This is not JSON";

  const send = (event: FormEvent) => {
    event.preventDefault();
    test.mutate({ type, data });
  };

  return (
    <Stack>
      <form onSubmit={send}>
        <Stack>
          <Autocomplete
            label="Event type"
            description="The webhook's patterns and filter are not asked: the request is sent in any case."
            data={available.data?.events ?? []}
            limit={50}
            value={type}
            onChange={setType}
            error={typeError}
          />
          <JsonInput
            label="Data"
            value={data}
            onChange={setWritten}
            error={dataError}
            autosize
            minRows={4}
            maxRows={14}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          />
          <Group justify="flex-end">
            {/* Not the first field: its list of types would open, and take the Escape that closes the dialog. */}
            <Button
              type="submit"
              data-autofocus
              loading={test.isPending}
              disabled={typeError !== undefined || dataError !== undefined}
            >
              Send the test
            </Button>
          </Group>
        </Stack>
      </form>
      {test.error && <ProblemAlert problem={test.error} />}
      {test.data && !test.isPending && <TestResult result={test.data} />}
    </Stack>
  );
}
