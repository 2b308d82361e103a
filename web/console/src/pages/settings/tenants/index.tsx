import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTenants } from "@posthorn/client/react";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { NotFoundPage } from "../../../parts/not-found.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { Pager } from "../../../parts/pager.tsx";
import { useSession } from "../../../session/session.tsx";
import { CreateTenantDialog } from "./create-dialog.tsx";
import { OpenTenant } from "./open-tenant.tsx";
import { TenantsTable } from "./table.tsx";

const PAGE_TENANTS = 50;

export default function Page() {
  return useSession().isAdmin ? <Tenants /> : <NotFoundPage />;
}

function Tenants() {
  const { page = 1 } = useSearch({ from: "/settings/tenants" });
  const navigate = useNavigate({ from: "/settings/tenants" });
  const [isNew, creating] = useDisclosure(false);
  const query = useTenants({ limit: PAGE_TENANTS, offset: (page - 1) * PAGE_TENANTS });
  const tenants = query.data?.tenants;
  const total = query.data?.total ?? 0;
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={creating.open}>
      New tenant
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Tenants"
        description="Each has its own webhooks, events, deliveries and keys, and sees nothing of the others."
        actions={create}
      />
      {query.error && <PageError problem={query.error} retry={() => query.refetch()} />}
      {tenants === undefined && !query.error && <RowsSkeleton rows={6} height={40} />}
      {tenants?.length === 0 && (
        <EmptyState icon={IconUsersGroup} title="No tenant yet" action={create}>
          One tenant is enough where nobody must be kept apart. Who offers webhooks to customers makes one for
          each of them.
        </EmptyState>
      )}
      {tenants !== undefined && tenants.length > 0 && (
        <>
          {total > PAGE_TENANTS && <OpenTenant />}
          <TenantsTable tenants={tenants} />
          <Pager
            page={page}
            pageSize={PAGE_TENANTS}
            total={total}
            nouns={["tenant", "tenants"]}
            onChange={(chosen) => navigate({ search: (before) => ({ ...before, page: chosen }) })}
          />
        </>
      )}
      <CreateTenantDialog opened={isNew} onClose={creating.close} />
    </>
  );
}
