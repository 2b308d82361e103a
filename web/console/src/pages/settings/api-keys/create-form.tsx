import { Button, Group, Radio, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import type { IssuedApiKey, Role } from "@posthorn/client";
import { useCreateApiKey, useTenants } from "@posthorn/client/react";
import { type FormEvent, useRef, useState } from "react";
import { fieldError, isToldBeside } from "../../../parts/field-errors.ts";
import { useFirstMistake } from "../../../parts/first-mistake.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { Moment } from "../../../parts/time-range.tsx";
import { useSession } from "../../../session/session.tsx";
import { expiryOf, type Lifetime, lifetimes } from "./expiry.ts";
import { roles } from "./roles.ts";

export function CreateKeyForm(props: { onCancel: () => void; onIssued: (issued: IssuedApiKey) => void }) {
  const { shownTenant } = useSession();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("publisher");
  const [tenant, setTenant] = useState(shownTenant);
  const [lifetime, setLifetime] = useState<Lifetime>("365");
  const [until, setUntil] = useState<string>();
  const create = useCreateApiKey();
  const tenants = useTenants();
  const tenantNames = new Set([shownTenant, ...(tenants.data?.tenants.map(({ id }) => id) ?? [])]);
  const form = useRef<HTMLFormElement>(null);
  useFirstMistake(form, create.error);
  const isAdminKey = role === "admin";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = {
      name: name.trim(),
      role,
      tenant: isAdminKey ? null : tenant,
      expires_at: expiryOf(lifetime, until, new Date()),
    };
    // The form tells a problem itself.
    const issued = await create.mutateAsync(input).catch(() => undefined);
    if (issued !== undefined) props.onIssued(issued);
  };

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          description="Who or what uses it; the audit log names it"
          placeholder="Billing service"
          required
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(create.error, "name")}
        />
        <Radio.Group
          label="Role"
          required
          value={role}
          onChange={(chosen) => setRole(roles.find(({ value }) => value === chosen)?.value ?? role)}
          error={fieldError(create.error, "role")}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt={6}>
            {roles.map(({ value, label, description }) => (
              <Radio.Card key={value} value={value} p="sm">
                <Group wrap="nowrap" align="flex-start" gap="sm">
                  <Radio.Indicator />
                  <div>
                    <Text size="sm" fw={500}>
                      {label}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {description}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </SimpleGrid>
        </Radio.Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Tenant"
            searchable
            allowDeselect={false}
            disabled={isAdminKey}
            data={[...tenantNames].sort()}
            value={isAdminKey ? null : tenant}
            placeholder={isAdminKey ? "All tenants" : undefined}
            onChange={(chosen) => chosen !== null && setTenant(chosen)}
            error={fieldError(create.error, "tenant")}
          />
          <Select
            label="Expires"
            allowDeselect={false}
            data={lifetimes.map(({ value, label }) => ({ value, label }))}
            value={lifetime}
            onChange={(chosen) =>
              setLifetime(lifetimes.find(({ value }) => value === chosen)?.value ?? lifetime)
            }
            error={lifetime === "other" ? undefined : fieldError(create.error, "expires_at")}
          />
        </SimpleGrid>
        {lifetime === "other" && (
          <Moment
            label="Works until"
            placeholder="Choose a moment"
            required
            value={until}
            onChange={setUntil}
            error={fieldError(create.error, "expires_at")}
          />
        )}
        {create.error !== null && !isToldBeside(create.error, ["name", "role", "tenant", "expires_at"]) && (
          <ProblemAlert problem={create.error} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={create.isPending}
            disabled={name.trim() === "" || (lifetime === "other" && until === undefined)}
          >
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
