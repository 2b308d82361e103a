import { ActionIcon, Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Webhook } from "@posthorn/client";
import { useDeleteWebhook, useToggleWebhook } from "@posthorn/client/react";
import {
  IconCopyPlus,
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { Confirm } from "../../../parts/confirm.tsx";
import { notifyDone, notifyProblem } from "../../../parts/notify.ts";
import { ButtonTo, MenuItemTo } from "../../../parts/to.tsx";
import { TestDialog } from "./test-dialog.tsx";

/** What can be done with a webhook. */
export function Actions({ webhook }: { webhook: Webhook }) {
  const { id, name, enabled } = webhook;
  const [isTesting, testing] = useDisclosure(false);
  const [isDeleting, deleting] = useDisclosure(false);
  const [isDisabling, disabling] = useDisclosure(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  const navigate = useNavigate();
  const toggle = useToggleWebhook();
  const remove = useDeleteWebhook();

  const enable = async () => {
    try {
      await toggle.mutateAsync({ id, enabled: true });
      notifyDone(`${name} is enabled`);
    } catch (problem) {
      notifyProblem("It could not be enabled", problem);
    }
  };

  return (
    <>
      <Button
        variant="default"
        px={{ base: 10, xs: "sm" }}
        leftSection={<IconSend size={16} aria-hidden />}
        onClick={testing.open}
      >
        Test
      </Button>
      <ButtonTo
        to="/webhooks/$id/edit"
        params={{ id }}
        variant="default"
        px={{ base: 10, xs: "sm" }}
        leftSection={<IconPencil size={16} aria-hidden />}
      >
        Edit
      </ButtonTo>
      {enabled ? (
        <Button
          variant="default"
          px={{ base: 10, xs: "sm" }}
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          onClick={disabling.open}
        >
          Disable
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={enable}
          loading={toggle.isPending}
        >
          Enable
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions" ref={menuButton}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItemTo
            to="/webhooks/new"
            search={{ copy: id }}
            leftSection={<IconCopyPlus size={16} aria-hidden />}
          >
            Duplicate
          </MenuItemTo>
          <Menu.Divider />
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => {
              // The question gives the focus back to what has it now: the menu is gone by then.
              menuButton.current?.focus();
              deleting.open();
            }}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <TestDialog webhook={webhook} opened={isTesting} onClose={testing.close} />
      <Confirm
        opened={isDisabling}
        onClose={disabling.close}
        title={`Disable ${name}?`}
        action="Disable"
        onConfirm={async () => {
          await toggle.mutateAsync({ id, enabled: false });
          notifyDone(`${name} is disabled`);
        }}
      >
        Its waiting retries become dead letters, and events that happen meanwhile are not delivered. After
        enabling it again, a replay makes up for them.
      </Confirm>
      <Confirm
        opened={isDeleting}
        onClose={deleting.close}
        title={`Delete ${name}?`}
        action="Delete"
        onConfirm={async () => {
          await remove.mutateAsync(id);
          notifyDone(`${name} is deleted`);
          await navigate({ to: "/webhooks" });
        }}
      >
        Its deliveries, their history and its waiting retries go with it. To keep them, disable it instead.
      </Confirm>
    </>
  );
}
