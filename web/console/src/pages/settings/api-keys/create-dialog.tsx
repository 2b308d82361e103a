import { Modal, useMatches } from "@mantine/core";
import type { IssuedApiKey } from "@posthorn/client";
import { useState } from "react";
import { CreateKeyForm } from "./create-form.tsx";
import { ShownOnce } from "./shown-once.tsx";

/** Issues a key, then shows it, the only time it is ever shown. */
export function CreateKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [issued, setIssued] = useState<IssuedApiKey>();
  const isNarrow = useMatches({ base: true, sm: false });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setIssued(undefined)}
      title={issued === undefined ? "New API key" : `The key “${issued.name}”`}
      size="lg"
      fullScreen={isNarrow}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {issued === undefined ? (
        <CreateKeyForm onCancel={onClose} onIssued={setIssued} />
      ) : (
        <ShownOnce issued={issued} onClose={onClose} />
      )}
    </Modal>
  );
}
