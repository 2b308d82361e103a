import { IconFilterOff, IconWebhook } from "@tabler/icons-react";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { ButtonTo } from "../../../parts/to.tsx";

/** Why there is no webhook to be seen, and what to do next. */
export function NoWebhooks({ isFiltered, mayManage }: { isFiltered: boolean; mayManage: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="No webhook matches"
        action={
          <ButtonTo to="/webhooks" search={{}} variant="default">
            Clear the filters
          </ButtonTo>
        }
      >
        There are none with these filters.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconWebhook}
      title="No webhooks yet"
      action={mayManage && <ButtonTo to="/webhooks/new">New webhook</ButtonTo>}
    >
      A webhook is a URL and the event types it wants. Each event that matches is sent to it, signed, and
      tried again until it is answered.
    </EmptyState>
  );
}
