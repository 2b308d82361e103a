import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { ApiProblem } from "@posthorn/client";
import { useCreateTenant } from "@posthorn/client/react";
import { type FormEvent, useState } from "react";
import { fieldError, isToldBeside } from "../../../parts/field-errors.ts";
import { notifyDone } from "../../../parts/notify.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";

const TENANT = /^[a-z0-9_-]{1,64}$/;

export function CreateTenantDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New tenant"
      centered
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <CreateTenantForm onClose={onClose} />
    </Modal>
  );
}

function CreateTenantForm({ onClose }: { onClose: () => void }) {
  const [id, setId] = useState("");
  const create = useCreateTenant();
  const isWrong = id !== "" && !TENANT.test(id);
  const taken =
    create.error instanceof ApiProblem && create.error.code === "tenant_exists"
      ? "There is a tenant with this id already"
      : undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // The form tells a problem itself.
    const tenant = await create.mutateAsync(id).catch(() => undefined);
    if (tenant === undefined) return;
    notifyDone(`Tenant ${tenant.id} is there. It can be chosen at the top of the page.`);
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Id"
          description="1 to 64 of a–z, 0–9, _ and -. It stands in subjects and links, and cannot be changed later."
          placeholder="acme"
          required
          data-autofocus
          autoCapitalize="off"
          spellCheck={false}
          maxLength={64}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          error={isWrong ? "Only a–z, 0–9, _ and -" : (fieldError(create.error, "id") ?? taken)}
        />
        {create.error !== null && taken === undefined && !isToldBeside(create.error, ["id"]) && (
          <ProblemAlert problem={create.error} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={id === "" || isWrong}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
