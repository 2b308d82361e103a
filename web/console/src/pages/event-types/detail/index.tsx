import { Badge, Button, Code, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useDeleteEventType } from "@posthorn/client/react";
import { IconPencil, IconSend, IconTrash } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Confirm } from "../../../parts/confirm.tsx";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { notifyDone } from "../../../parts/notify.ts";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { ButtonTo, LinkTo } from "../../../parts/to.tsx";
import { useSession } from "../../../session/session.tsx";
import { EventTypeEditor } from "../editor/editor.tsx";
import { useEventTypeText } from "../type-text.ts";
import { ExampleCard } from "./example-card.tsx";
import { SchemaCard } from "./schema-card.tsx";
import { Subscribers } from "./subscribers.tsx";

export default function Page() {
  const { name } = useParams({ from: "/event-types/$name" });
  const { mayManage } = useSession();
  const [isEditing, editing] = useDisclosure(false);
  const [isDeleting, deleting] = useDisclosure(false);
  const navigate = useNavigate();
  const remove = useDeleteEventType();
  const query = useEventTypeText(name);
  const type = query.data?.type;
  if (query.error && type === undefined) {
    return <PageError problem={query.error} retry={() => query.refetch()} />;
  }
  if (query.data === undefined || type === undefined) return <PageSkeleton />;
  const { example, schema } = query.data;
  return (
    <>
      <PageHeader
        title={type.label}
        aside={
          type.category && (
            <Badge variant="default" tt="none">
              {type.category}
            </Badge>
          )
        }
        description={
          <Group gap={6}>
            <Code>{type.name}</Code>
            <CopyButton value={type.name} label="Copy the name" />
            <Text size="sm" span>
              Changed <RelativeTime at={type.updated_at} />
            </Text>
          </Group>
        }
        actions={
          mayManage && (
            <>
              <ButtonTo to="/events/new" variant="default" leftSection={<IconSend size={16} aria-hidden />}>
                Send a test event
              </ButtonTo>
              <Button
                variant="default"
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={editing.open}
              >
                Edit
              </Button>
              <Button
                variant="default"
                c="var(--mantine-color-error)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={deleting.open}
              >
                Delete
              </Button>
            </>
          )
        }
      />
      <Stack>
        {type.description && <Text style={{ whiteSpace: "pre-line" }}>{type.description}</Text>}
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <SchemaCard schema={type.schema} text={schema} onAdd={mayManage ? editing.open : undefined} />
          <ExampleCard text={example} onAdd={mayManage ? editing.open : undefined} />
        </SimpleGrid>
        <Subscribers name={type.name} />
        <Group gap="lg">
          <LinkTo to="/events" search={{ type: type.name }} size="sm">
            Events of this type
          </LinkTo>
          <LinkTo to="/deliveries" search={{ event_type: type.name }} size="sm">
            Deliveries of this type
          </LinkTo>
        </Group>
      </Stack>
      <EventTypeEditor opened={isEditing} onClose={editing.close} type={query.data} />
      <Confirm
        opened={isDeleting}
        onClose={deleting.close}
        title={`Delete ${type.name}?`}
        action="Delete"
        onConfirm={async () => {
          await remove.mutateAsync(type.name);
          notifyDone(`${type.name} is no longer in the catalogue`);
          await navigate({ to: "/event-types" });
        }}
      >
        It leaves the catalogue with its schema and example. Its events, deliveries and webhooks stay; events
        of this type are not checked any more.
      </Confirm>
    </>
  );
}
