import { Switch } from "@mantine/core";

/** Whether a list shows what Posthorn says of itself too. */
export function OperationalSwitch(props: { value: boolean; onChange: (shown: boolean) => void }) {
  return (
    <Switch
      label="Operational events"
      title="Also what Posthorn itself publishes: webhook.failing, webhook.recovered, webhook.disabled, delivery.exhausted"
      checked={props.value}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
