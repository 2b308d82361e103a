import { Modal, useMatches } from "@mantine/core";
import type { ImportedEventTypes } from "@posthorn/client";
import { useState } from "react";
import { ImportForm } from "./form.tsx";
import { ImportResult } from "./result.tsx";

/** Enters many event types at once, and says what came of it. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [result, setResult] = useState<ImportedEventTypes>();
  const isNarrow = useMatches({ base: true, sm: false });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setResult(undefined)}
      title="Import event types"
      size="lg"
      fullScreen={isNarrow}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {result === undefined ? (
        <ImportForm onCancel={onClose} onImported={setResult} />
      ) : (
        <ImportResult result={result} onClose={onClose} />
      )}
    </Modal>
  );
}
