import type { Webhook } from "@posthorn/client";
import { usePatchWebhook, useWebhook } from "@posthorn/client/react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { NotFoundPage } from "../../../parts/not-found.tsx";
import { notifyDone } from "../../../parts/notify.ts";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { WebhookStateBadge } from "../../../parts/webhook-state-badge.tsx";
import { useSession } from "../../../session/session.tsx";
import { patchOf } from "../form/input.ts";
import { valuesOf } from "../form/values.ts";
import { WebhookForm } from "../form/webhook-form.tsx";

export default function Page() {
  const { mayManage } = useSession();
  const { id } = useParams({ from: "/webhooks/$id/edit" });
  const { data, error, refetch } = useWebhook(id);
  if (!mayManage) return <NotFoundPage />;
  if (data !== undefined) return <EditWebhook key={id} webhook={data} />;
  return error ? <PageError problem={error} retry={() => refetch()} /> : <PageSkeleton />;
}

function EditWebhook({ webhook }: { webhook: Webhook }) {
  const patch = usePatchWebhook();
  const navigate = useNavigate();
  // What the form began with: what it changes is told from this, whatever is answered meanwhile.
  const [initial] = useState(() => valuesOf(webhook));
  const { id } = webhook;
  return (
    <>
      <PageHeader
        title={`Edit ${webhook.name}`}
        aside={<WebhookStateBadge webhook={webhook} />}
        description="What is changed counts from the next attempt of each delivery."
      />
      <WebhookForm
        initial={initial}
        stored={webhook}
        action="Save changes"
        onSave={async (values) => {
          await patch.mutateAsync({ id, body: patchOf(initial, values) });
          notifyDone(`${values.name.trim()} is saved`);
          await navigate({ to: "/webhooks/$id", params: { id } });
        }}
      />
    </>
  );
}
