import { Button, Code, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDeleteTenant } from "@posthorn/client/react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { focusPageIfLost } from "../../../parts/focus.ts";
import { notifyDone } from "../../../parts/notify.ts";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";
import { useSession } from "../../../session/session.tsx";

/** Deletes a tenant once its id was written: too much goes with it for a single click. */
export function DeleteTenantDialog(props: { tenant: string; opened: boolean; onClose: () => void }) {
  const { tenant, opened, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={focusPageIfLost}
      title={`Delete tenant ${tenant}?`}
      centered
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <DeleteTenantForm tenant={tenant} onClose={onClose} />
    </Modal>
  );
}

function DeleteTenantForm({ tenant, onClose }: { tenant: string; onClose: () => void }) {
  const { shownTenant } = useSession();
  const navigate = useNavigate();
  const [written, setWritten] = useState("");
  const remove = useDeleteTenant();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await remove.mutateAsync(tenant);
    } catch {
      // Told below.
      return;
    }
    notifyDone(`Tenant ${tenant} is deleted`);
    onClose();
    if (tenant === shownTenant) await navigate({ to: "/settings/tenants", search: { tenant: "default" } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Its webhooks and API keys end at once; its events, deliveries and everything else are deleted by and
          by. Nothing of it can be brought back. Its name can be used again when nothing is left.
        </Text>
        <TextInput
          label={
            <>
              Write <Code>{tenant}</Code> to delete it
            </>
          }
          data-autofocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
        />
        {remove.error !== null && <ProblemAlert problem={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red.9" loading={remove.isPending} disabled={written !== tenant}>
            Delete the tenant
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
