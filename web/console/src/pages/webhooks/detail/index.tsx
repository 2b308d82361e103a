import { Alert, Box, Tabs, Text } from "@mantine/core";
import { type Webhook, wantsOperational } from "@posthorn/client";
import { queries, usePosthorn } from "@posthorn/client/react";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { EventChips } from "../../../parts/event-chips.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { webhookState } from "../../../parts/webhook-state.ts";
import { WebhookStateBadge } from "../../../parts/webhook-state-badge.tsx";
import { useSession } from "../../../session/session.tsx";
import { DeliveryHistory } from "../../deliveries/history.tsx";
import { type WebhookTab, webhookTabs } from "../search.ts";
import { useCondition } from "../use-condition.ts";
import { Actions } from "./actions.tsx";
import { Gate } from "./gate.tsx";
import { Replays } from "./replays.tsx";
import { Secret } from "./secret.tsx";
import { Settings } from "./settings.tsx";
import { Statistics } from "./statistics.tsx";

const LIVE_MS = 5_000;

const labels: Record<WebhookTab, string> = {
  deliveries: "Deliveries",
  statistics: "Statistics",
  replays: "Replays",
  secret: "Secret",
  settings: "Settings",
};

export default function Page() {
  const { id } = useParams({ from: "/webhooks/$id" });
  const webhook = useQuery({
    ...queries.webhook(usePosthorn(), id),
    // What is not there will not come back by asking again.
    refetchInterval: ({ state }) => (state.error ? false : LIVE_MS),
  });
  if (webhook.data !== undefined) return <Detail webhook={webhook.data} />;
  return webhook.error ? (
    <PageError problem={webhook.error} retry={() => webhook.refetch()} />
  ) : (
    <PageSkeleton />
  );
}

function Detail({ webhook }: { webhook: Webhook }) {
  const { mayManage } = useSession();
  const { tab = "deliveries", range, ...filters } = useSearch({ from: "/webhooks/$id" });
  const navigate = useNavigate({ from: "/webhooks/$id" });
  const { id } = webhook;
  const condition = useCondition(id);
  return (
    <>
      <PageHeader
        title={webhook.name}
        aside={<WebhookStateBadge webhook={webhook} condition={condition} />}
        description={<Description webhook={webhook} />}
        actions={mayManage && <Actions webhook={webhook} />}
      />
      {webhook.disabled_reason && !webhook.enabled && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Disabled by Posthorn" mb="md">
          {webhookState(webhook).explanation}
        </Alert>
      )}
      <Gate webhook={webhook} condition={condition} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(chosen) => navigate({ search: { tab: webhookTabs.find((one) => one === chosen) } })}
      >
        <Tabs.List mb="md" aria-label="Parts of the webhook">
          {webhookTabs.map((one) => (
            <Tabs.Tab key={one} value={one} px={{ base: 6, xs: "sm" }} fz={{ base: 13, xs: "sm" }}>
              {labels[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="deliveries">
          <DeliveryHistory
            scope={{ webhook: id }}
            // A webhook that asks for what Posthorn says of itself was sent it: that is shown until somebody hides it.
            filters={{
              ...filters,
              operational: filters.operational ?? wantsOperational(webhook.event_types),
            }}
            onFilter={(changed) => navigate({ search: { tab, ...changed }, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="statistics">
          <Statistics
            id={id}
            range={range}
            onRange={(chosen) => navigate({ search: { tab, range: chosen }, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="replays">
          <Replays webhook={webhook} />
        </Tabs.Panel>
        <Tabs.Panel value="secret">
          <Secret webhook={webhook} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Settings webhook={webhook} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Description({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {webhook.url} <CopyButton value={webhook.url} label="Copy the URL" />
      </Text>
      {webhook.description && <Text size="sm">{webhook.description}</Text>}
      <Box mt={6}>
        <EventChips patterns={webhook.event_types} shown={4} />
      </Box>
    </>
  );
}
