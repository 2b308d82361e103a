import { Alert, Code, List, Stack, Text } from "@mantine/core";
import type { WebhookTestResult } from "@posthorn/client";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { Payload } from "../../../parts/payload.tsx";
import { duration } from "../../../parts/time.ts";
import { Timings } from "../../../parts/timings.tsx";
import { Words } from "../../../parts/words.tsx";
import { adviceOn } from "../../deliveries/advice.ts";

/** What the receiver made of a test. */
export function TestResult({ result }: { result: WebhookTestResult }) {
  const { success, status_code, response_time_ms, response_body, timings } = result;
  const advice = adviceOn(result);
  return (
    <Alert
      role="status"
      color={success ? "teal" : "red"}
      icon={success ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={success ? "The receiver took it" : (advice?.title ?? "The receiver did not take it")}
    >
      <Stack gap="sm">
        <Text size="sm">
          {status_code ? (
            <>
              Answer <Code>{status_code}</Code> after {duration(response_time_ms)}
            </>
          ) : (
            `No answer after ${duration(response_time_ms)}`
          )}
          {result.error_message && `: ${result.error_message}`}
        </Text>
        <Timings timings={timings} totalMs={response_time_ms} hasAnswer={Boolean(status_code)} />
        {advice && (
          <>
            <Text size="sm">{advice.meaning}</Text>
            <List type="ordered" size="sm">
              {advice.steps.map((step) => (
                <List.Item key={step}>
                  <Words text={step} />
                </List.Item>
              ))}
            </List>
          </>
        )}
        {response_body && <Payload text={response_body} label="Response body" />}
      </Stack>
    </Alert>
  );
}
