import { Select } from "@mantine/core";
import { useWebhooks } from "@posthorn/client/react";
import { shortId } from "./webhook-names.ts";

/** Most that the api lists at once. */
const WEBHOOKS_MAX = 500;

/** A filter by webhook; one that was deleted, or is not among the first few hundred, is chosen all the same. */
export function WebhookSelect(props: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const { value, onChange } = props;
  const { data } = useWebhooks({ limit: WEBHOOKS_MAX });
  const known = data?.webhooks.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const isKnown = value === undefined || known.some((webhook) => webhook.value === value);
  return (
    <Select
      aria-label="Webhook"
      placeholder="Any webhook"
      w={{ base: "100%", xs: 220 }}
      clearable
      clearButtonProps={{ "aria-label": "Any webhook" }}
      searchable
      nothingFoundMessage="No webhook of this name"
      data={isKnown ? known : [...known, { value, label: shortId(value) }]}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
