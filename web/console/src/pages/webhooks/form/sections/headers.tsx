import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { randomId } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useRef } from "react";
import { useField, useStored, useWebhookFields } from "../context.ts";

const HEADERS_MAX = 50;

const spellings = [
  { value: "prefixed_hex", label: "sha256=… (hex)" },
  { value: "hex", label: "Hex" },
  { value: "base64", label: "Base64" },
];

/** Headers of the owner's choice, and the one that carries the signature of the body. */
export function Headers() {
  const field = useField();
  const form = useWebhookFields();
  const isNew = useStored() === undefined;
  const { custom_headers: rows } = form.values;
  const list = useRef<HTMLDivElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  // After the rows are drawn anew.
  const focusName = (index: number) =>
    setTimeout(() => {
      const names = list.current?.querySelectorAll<HTMLInputElement>("input[data-name]");
      (names?.[index] ?? adder.current)?.focus();
    });
  const add = () => {
    form.insertListItem("custom_headers", { key: randomId(), name: "", value: "" });
    focusName(rows.length);
  };
  const remove = (index: number) => {
    form.removeListItem("custom_headers", index);
    // The button that was pressed is gone with its row.
    focusName(Math.min(index, rows.length - 2));
  };
  return (
    <Stack gap="sm">
      <Title order={3} size="sm">
        Headers of each request
      </Title>
      <Stack gap="xs" ref={list}>
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            None beside those that Posthorn sets.
          </Text>
        )}
        {rows.map((row, index) => (
          <HeaderRow key={row.key} index={index} onRemove={() => remove(index)} />
        ))}
      </Stack>
      <Group>
        <Button
          ref={adder}
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={rows.length >= HEADERS_MAX}
          onClick={add}
        >
          Add a header
        </Button>
      </Group>
      <Title order={3} size="sm" mt="xs">
        Signature
      </Title>
      <Text size="sm" c="dimmed">
        Standard Webhooks' webhook-signature is always sent. This header has the HMAC of the body alone, for
        receivers that want that.
      </Text>
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput
          label="Header"
          placeholder="X-Webhook-Signature"
          miw={200}
          {...field("signature_header.name")}
        />
        <Select
          label="Spelling"
          data={spellings}
          allowDeselect={false}
          miw={160}
          {...field("signature_header.format")}
        />
      </Group>
      {isNew && (
        <TextInput
          label="Signing secret"
          description="Only to bring your own: whsec_ and base64 of 24 to 64 bytes. Otherwise Posthorn makes one."
          placeholder="Made by Posthorn"
          autoComplete="off"
          {...field("signing_secret")}
        />
      )}
    </Stack>
  );
}

function HeaderRow({ index, onRemove }: { index: number; onRemove: () => void }) {
  const field = useField();
  const path = `custom_headers.${index}`;
  const number = index + 1;
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <TextInput
        aria-label={`Name of header ${number}`}
        data-name
        placeholder="X-Source"
        flex={2}
        {...field(`${path}.name`)}
      />
      <TextInput
        aria-label={`Value of header ${number}`}
        placeholder="Value"
        flex={3}
        {...field(`${path}.value`)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={`Remove header ${number}`}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
