import { NumberInput, SimpleGrid } from "@mantine/core";
import { useField } from "../context.ts";

/** What spares the receiver, and the disk. Empty means the default, or no limit. */
export function Limits() {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <Limit
        path="timeout_seconds"
        label="Timeout"
        description="For one attempt, from connecting to the end of the answer"
        suffix=" s"
        max={120}
        placeholder="30 s"
      />
      <Limit
        path="rate_limit_per_second"
        label="Rate"
        description="Requests a second; what is above waits"
        suffix=" a second"
        max={10_000}
        placeholder="No limit"
      />
      <Limit
        path="max_in_flight"
        label="In flight"
        description="Requests that may wait for their answers at once"
        max={1_000}
        placeholder="The server's default"
      />
      <Limit
        path="history_limit"
        label="History"
        description="Deliveries kept; older ones are forgotten sooner"
        suffix=" deliveries"
        max={1_000_000}
        placeholder="As long as retention keeps them"
      />
    </SimpleGrid>
  );
}

function Limit(props: {
  path: string;
  label: string;
  description: string;
  suffix?: string;
  max: number;
  placeholder: string;
}) {
  const field = useField();
  const { path, ...rest } = props;
  return <NumberInput {...rest} min={1} allowDecimal={false} thousandSeparator="," {...field(path)} />;
}
