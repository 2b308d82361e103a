import { ActionIcon, Menu } from "@mantine/core";
import { useClipboard, useDisclosure } from "@mantine/hooks";
import type { Webhook } from "@posthorn/client";
import { useDeleteWebhook } from "@posthorn/client/react";
import { IconClipboard, IconCopyPlus, IconDots, IconPencil, IconSend, IconTrash } from "@tabler/icons-react";
import { useRef } from "react";
import { Confirm } from "../../../parts/confirm.tsx";
import { notifyDone } from "../../../parts/notify.ts";
import { MenuItemTo } from "../../../parts/to.tsx";

/** What can be done with a webhook of the list. */
export function RowMenu({ webhook }: { webhook: Webhook }) {
  const [isAsking, { open: ask, close }] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const clipboard = useClipboard();
  const remove = useDeleteWebhook();
  const { id, name } = webhook;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`} ref={button}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItemTo to="/webhooks/$id" params={{ id }} leftSection={<IconSend size={14} aria-hidden />}>
            Deliveries
          </MenuItemTo>
          <MenuItemTo
            to="/webhooks/$id/edit"
            params={{ id }}
            leftSection={<IconPencil size={14} aria-hidden />}
          >
            Edit
          </MenuItemTo>
          <MenuItemTo
            to="/webhooks/new"
            search={{ copy: id }}
            leftSection={<IconCopyPlus size={14} aria-hidden />}
          >
            Duplicate
          </MenuItemTo>
          <Menu.Item
            leftSection={<IconClipboard size={14} aria-hidden />}
            onClick={() => {
              clipboard.copy(webhook.url);
              notifyDone("The URL is copied");
            }}
          >
            Copy the URL
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => {
              // The question gives the focus back to what has it now: the menu is gone by then.
              button.current?.focus();
              ask();
            }}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={isAsking}
        onClose={close}
        title={`Delete ${name}?`}
        action="Delete"
        onConfirm={async () => {
          await remove.mutateAsync(id);
          notifyDone(`${name} is deleted`);
          // The row is gone, and with it the button that the focus would go back to.
          document.getElementById("content")?.focus();
        }}
      >
        Its deliveries, their history and its waiting retries go with it. To keep them, disable it instead.
      </Confirm>
    </>
  );
}
