import { Button, Center, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEventTypePages } from "@posthorn/client/react";
import { IconBook2, IconFileImport, IconFilterOff, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "../../../parts/empty-state.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { RowsSkeleton } from "../../../parts/page-skeleton.tsx";
import { useSession } from "../../../session/session.tsx";
import { EventTypeEditor } from "../editor/editor.tsx";
import { byCategory } from "../groups.ts";
import { ImportDialog } from "../import/dialog.tsx";
import { CatalogueFilters } from "./filters.tsx";
import { CatalogueTable } from "./table.tsx";

/** Most that the api lists at once. */
const PAGE_TYPES = 500;

export default function Page() {
  const { mayManage } = useSession();
  const [isNew, create] = useDisclosure(false);
  const [isImporting, importing] = useDisclosure(false);
  const navigate = useNavigate();
  const actions = mayManage && (
    <>
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden />}
        onClick={importing.open}
      >
        Import
      </Button>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
        New event type
      </Button>
    </>
  );
  return (
    <>
      <PageHeader
        title="Event types"
        description="What services publish. Events of a type with a schema are checked when they come over HTTP."
        actions={actions}
      />
      <Catalogue actions={actions} />
      <EventTypeEditor
        opened={isNew}
        onClose={create.close}
        onSaved={({ name }) => navigate({ to: "/event-types/$name", params: { name } })}
      />
      <ImportDialog opened={isImporting} onClose={importing.close} />
    </>
  );
}

function Catalogue({ actions }: { actions: React.ReactNode }) {
  const filters = useSearch({ from: "/event-types" });
  const { search, category } = filters;
  const navigate = useNavigate();
  const filter = (chosen: typeof filters) => navigate({ to: "/event-types", search: chosen, replace: true });
  const pages = useEventTypePages({ search, category, limit: PAGE_TYPES });
  const types = pages.data?.pages.flatMap((page) => page.event_types);
  const total = pages.data?.pages[0]?.total ?? 0;
  const isFiltered = search !== undefined || category !== undefined;

  if (pages.error) return <PageError problem={pages.error} retry={() => pages.refetch()} />;
  if (types?.length === 0 && !isFiltered) {
    return (
      <EmptyState
        icon={IconBook2}
        title="The catalogue is empty"
        action={actions && <Group justify="center">{actions}</Group>}
      >
        Enter the event types that your services publish, or import them: webhooks can then choose from them,
        and test events begin with their examples.
      </EmptyState>
    );
  }
  return (
    <>
      <CatalogueFilters filters={filters} onChange={filter} />
      {types === undefined && <RowsSkeleton rows={8} height={44} />}
      {types?.length === 0 && (
        <EmptyState
          icon={IconFilterOff}
          title="No event type passes these filters"
          action={
            <Button variant="default" onClick={() => filter({})}>
              Clear the filters
            </Button>
          }
        >
          The search looks at names, labels and descriptions.
        </EmptyState>
      )}
      {types !== undefined && types.length > 0 && (
        <Stack gap="lg">
          <CatalogueTable groups={byCategory(types)} />
          {pages.hasNextPage && (
            <Center>
              <Button
                variant="default"
                loading={pages.isFetchingNextPage}
                onClick={() => pages.fetchNextPage()}
              >
                Show more
              </Button>
            </Center>
          )}
          <Text size="sm" c="dimmed" ta="center" role="status">
            {count(types.length, total)}
          </Text>
        </Stack>
      )}
    </>
  );
}

function count(shown: number, total: number): string {
  const all = `${total.toLocaleString("en")} event ${total === 1 ? "type" : "types"}`;
  return shown < total ? `${shown.toLocaleString("en")} of ${all}` : all;
}
