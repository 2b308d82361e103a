import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { focusPageIfLost } from "./focus.ts";
import { ProblemAlert } from "./problem-alert.tsx";

/** Asks before something that cannot be undone, and stays open with the reason if it fails. */
export function Confirm(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** What is done, as the button says it: "Delete". */
  action: string;
  onConfirm: () => Promise<unknown>;
}) {
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const close = () => {
    setProblem(undefined);
    props.onClose();
  };
  const confirm = async () => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await props.onConfirm();
      close();
    } catch (error) {
      setProblem(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      onExitTransitionEnd={focusPageIfLost}
      title={props.title}
      centered
    >
      <Stack>
        <Text size="sm" component="div">
          {props.children}
        </Text>
        {problem !== undefined && <ProblemAlert problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button color="red.9" loading={isBusy} onClick={confirm}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
