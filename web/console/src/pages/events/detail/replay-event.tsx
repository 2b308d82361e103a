import { Button, Group, Modal, MultiSelect, Radio, Stack } from "@mantine/core";
import { useReplayEvent, useWebhooks } from "@posthorn/client/react";
import { useState } from "react";
import { ProblemAlert } from "../../../parts/problem-alert.tsx";

/** Most that the api lists at once. */
const WEBHOOKS_MAX = 500;

/** Asks to which webhooks an event is delivered again. */
export function ReplayEvent(props: {
  event: string;
  opened: boolean;
  onClose: () => void;
  /** Is given the replay's id. */
  onBegun: (replay: string) => void;
}) {
  const [to, setTo] = useState<"all" | "chosen">("all");
  const [chosen, setChosen] = useState<string[]>([]);
  const webhooks = useWebhooks({ enabled: true, limit: WEBHOOKS_MAX });
  const replay = useReplayEvent();
  const close = () => {
    replay.reset();
    props.onClose();
  };
  const begin = () =>
    replay.mutate(
      { id: props.event, webhooks: to === "chosen" ? chosen : undefined },
      {
        onSuccess: ({ replay_id }) => {
          props.onBegun(replay_id);
          close();
        },
      },
    );
  return (
    <Modal opened={props.opened} onClose={close} title="Deliver this event again" centered>
      <Stack>
        <Radio.Group
          label="To whom"
          value={to}
          onChange={(value) => setTo(value === "chosen" ? "chosen" : "all")}
        >
          <Stack gap="xs" mt={6}>
            <Radio
              value="all"
              label="Every enabled webhook that wants it now"
              description="Also those that were created after it."
            />
            <Radio value="chosen" label="Chosen webhooks" description="Whatever they subscribe to." />
          </Stack>
        </Radio.Group>
        {to === "chosen" && (
          <MultiSelect
            label="Webhooks"
            placeholder={chosen.length === 0 ? "Choose" : undefined}
            searchable
            hidePickedOptions
            nothingFoundMessage="No enabled webhook of this name"
            data={webhooks.data?.webhooks.map(({ id, name }) => ({ value: id, label: name })) ?? []}
            value={chosen}
            onChange={setChosen}
          />
        )}
        {replay.error && <ProblemAlert problem={replay.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            onClick={begin}
            loading={replay.isPending}
            disabled={to === "chosen" && chosen.length === 0}
          >
            Replay
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
