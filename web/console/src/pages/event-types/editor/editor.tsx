import { Modal, useMatches } from "@mantine/core";
import type { EventType } from "@posthorn/client";
import type { EventTypeText } from "../type-text.ts";
import { EventTypeForm } from "./form.tsx";

/** Enters an event type, or changes `type`. */
export function EventTypeEditor(props: {
  opened: boolean;
  onClose: () => void;
  type?: EventTypeText;
  onSaved?: (saved: EventType) => void;
}) {
  const { opened, onClose, type, onSaved } = props;
  const isNarrow = useMatches({ base: true, sm: false });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={type === undefined ? "New event type" : `Edit ${type.type.name}`}
      size="xl"
      fullScreen={isNarrow}
      // A click beside the form does not lose what was written.
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <EventTypeForm
        type={type}
        onCancel={onClose}
        onSaved={(saved) => {
          onClose();
          onSaved?.(saved);
        }}
      />
    </Modal>
  );
}
