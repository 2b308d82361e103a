import { Button } from "@mantine/core";
import { useAuditLog } from "@posthorn/client/react";
import { IconFilterOff, IconHistory } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { Pager } from "../../../parts/pager.tsx";
import { AllTenants } from "../../../session/all-tenants.tsx";
import { useSession } from "../../../session/session.tsx";
import { ScopeSwitch } from "../scope-switch.tsx";
import { AuditFilters, type AuditSearch } from "./filters.tsx";
import { AuditTable } from "./table.tsx";

const PAGE_ENTRIES = 50;
/** How often the newest entries are asked for, in milliseconds. */
const LIVE_MS = 5_000;

export default function Page() {
  const { isAdmin } = useSession();
  const { scope } = useSearch({ from: "/settings/audit-log" });
  return isAdmin && scope === "all" ? (
    <AllTenants>
      <AuditLog />
    </AllTenants>
  ) : (
    <AuditLog />
  );
}

function AuditLog() {
  const { isAdmin } = useSession();
  const search = useSearch({ from: "/settings/audit-log" });
  const { scope, page = 1, action, target_id, since, until } = search;
  const navigate = useNavigate();
  const show = (chosen: AuditSearch) => navigate({ to: "/settings/audit-log", search: chosen });
  const isFiltered = [action, target_id, since, until].some((filter) => filter !== undefined);
  const query = useAuditLog(
    { action, target_id, since, until, limit: PAGE_ENTRIES, offset: (page - 1) * PAGE_ENTRIES },
    // What somebody reads further down does not move.
    { refetchInterval: page === 1 ? LIVE_MS : false },
  );
  const entries = query.data?.entries;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who changed what, and who saw a secret."
        actions={
          isAdmin && (
            <ScopeSwitch
              value={scope}
              onChange={(chosen) => show({ ...search, scope: chosen, page: undefined })}
            />
          )
        }
      />
      <AuditFilters filters={search} onChange={show} />
      {query.error && <PageError problem={query.error} retry={() => query.refetch()} />}
      {entries === undefined && !query.error && <RowsSkeleton rows={10} height={44} />}
      {entries?.length === 0 &&
        (isFiltered ? (
          <EmptyState
            icon={IconFilterOff}
            title="No entry passes these filters"
            action={
              <Button variant="default" onClick={() => show({ scope })}>
                Clear the filters
              </Button>
            }
          >
            Choose another action or a longer time.
          </EmptyState>
        ) : (
          <EmptyState icon={IconHistory} title="Nothing was changed yet">
            Whatever is created, changed, deleted, retried or revealed is told here, with who did it.
          </EmptyState>
        ))}
      {entries !== undefined && entries.length > 0 && (
        <>
          <AuditTable entries={entries} showsTenant={scope === "all"} />
          <Pager
            page={page}
            pageSize={PAGE_ENTRIES}
            total={query.data?.total ?? entries.length}
            isExact={query.data?.total_exact ?? true}
            nouns={["entry", "entries"]}
            onChange={(chosen) => show({ ...search, page: chosen })}
          />
        </>
      )}
    </>
  );
}
