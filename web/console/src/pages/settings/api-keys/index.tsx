import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useApiKeys } from "@posthorn/client/react";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { NotFoundPage } from "../../../parts/not-found.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { Pager } from "../../../parts/pager.tsx";
import { AllTenants } from "../../../session/all-tenants.tsx";
import { useSession } from "../../../session/session.tsx";
import { ScopeSwitch } from "../scope-switch.tsx";
import { CreateKeyDialog } from "./create-dialog.tsx";
import { KeysTable } from "./table.tsx";

const PAGE_KEYS = 50;

export default function Page() {
  const { isAdmin } = useSession();
  const { scope } = useSearch({ from: "/settings/api-keys" });
  if (!isAdmin) return <NotFoundPage />;
  return scope === "all" ? (
    <AllTenants>
      <ApiKeys />
    </AllTenants>
  ) : (
    <ApiKeys />
  );
}

function ApiKeys() {
  const { shownTenant } = useSession();
  const { scope, page = 1 } = useSearch({ from: "/settings/api-keys" });
  const navigate = useNavigate({ from: "/settings/api-keys" });
  const [isNew, creating] = useDisclosure(false);
  const query = useApiKeys({ limit: PAGE_KEYS, offset: (page - 1) * PAGE_KEYS });
  const keys = query.data?.api_keys;
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={creating.open}>
      New key
    </Button>
  );
  return (
    <>
      <PageHeader
        title="API keys"
        description="Each service and each person has a key of their own, with the least role that will do."
        actions={
          <>
            <ScopeSwitch
              value={scope}
              onChange={(chosen) => navigate({ search: { scope: chosen, page: undefined } })}
            />
            {create}
          </>
        }
      />
      {query.error && <PageError problem={query.error} retry={() => query.refetch()} />}
      {keys === undefined && !query.error && <RowsSkeleton rows={6} height={44} />}
      {keys?.length === 0 && (
        <EmptyState
          icon={IconKey}
          title={scope === "all" ? "No key was issued yet" : `No key of tenant ${shownTenant} yet`}
          action={create}
        >
          A service that publishes needs a key with the role publisher. Keys of admins belong to no tenant:
          they are listed under all tenants.
        </EmptyState>
      )}
      {keys !== undefined && keys.length > 0 && (
        <>
          <KeysTable keys={keys} showsTenant={scope === "all"} />
          <Pager
            page={page}
            pageSize={PAGE_KEYS}
            total={query.data?.total ?? keys.length}
            nouns={["key", "keys"]}
            onChange={(chosen) => navigate({ search: (before) => ({ ...before, page: chosen }) })}
          />
        </>
      )}
      <CreateKeyDialog opened={isNew} onClose={creating.close} />
    </>
  );
}
