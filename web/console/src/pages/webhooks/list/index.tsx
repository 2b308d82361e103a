import { useWebhooks } from "@posthorn/client/react";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { Pager } from "../../../parts/pager.tsx";
import { ButtonTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { NoWebhooks } from "./empty.tsx";
import { WebhookFilters } from "./filters.tsx";
import { WebhookTable } from "./table.tsx";

const PAGE_ROWS = 20;
const LIVE_MS = 5_000;

export default function Page() {
  const filters = useSearch({ from: "/webhooks" });
  const navigate = useNavigate();
  const { mayManage } = useSession();
  const { search, state, event_type, page = 1 } = filters;
  const list = useWebhooks(
    {
      search,
      event_type,
      enabled: state === undefined ? undefined : state === "enabled",
      limit: PAGE_ROWS,
      offset: (page - 1) * PAGE_ROWS,
    },
    { refetchInterval: LIVE_MS },
  );
  const isFiltered = search !== undefined || state !== undefined || event_type !== undefined;
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Where events are delivered to, and how that goes."
        actions={
          mayManage && (
            <ButtonTo to="/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>
              New webhook
            </ButtonTo>
          )
        }
      />
      <WebhookFilters
        filters={filters}
        onFilter={(changed) => navigate({ to: "/webhooks", search: changed, replace: true })}
      />
      {list.data === undefined ? (
        list.error ? (
          <PageError problem={list.error} retry={() => list.refetch()} />
        ) : (
          <RowsSkeleton rows={8} height={52} />
        )
      ) : list.data.webhooks.length === 0 ? (
        <NoWebhooks isFiltered={isFiltered || page > 1} mayManage={mayManage} />
      ) : (
        <>
          <WebhookTable webhooks={list.data.webhooks} />
          <Pager
            page={page}
            pageSize={PAGE_ROWS}
            total={list.data.total}
            nouns={["webhook", "webhooks"]}
            onChange={(chosen) =>
              navigate({ to: "/webhooks", search: { ...filters, page: chosen === 1 ? undefined : chosen } })
            }
          />
        </>
      )}
    </>
  );
}
