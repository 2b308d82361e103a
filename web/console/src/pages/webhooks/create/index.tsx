import type { CreatedWebhook } from "@posthorn/client";
import { useCreateWebhook, useWebhook } from "@posthorn/client/react";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { NotFoundPage } from "../../../parts/not-found.tsx";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { useSession } from "../../../session/session.tsx";
import { newInputOf } from "../form/input.ts";
import { copyOf, emptyValues, type WebhookValues } from "../form/values.ts";
import { WebhookForm } from "../form/webhook-form.tsx";
import { Created } from "./created.tsx";

export default function Page() {
  const { mayManage } = useSession();
  const { copy } = useSearch({ from: "/webhooks/new" });
  if (!mayManage) return <NotFoundPage />;
  return copy === undefined ? (
    <NewWebhook key="new" initial={emptyValues} />
  ) : (
    <NewCopy key={copy} of={copy} />
  );
}

function NewCopy({ of }: { of: string }) {
  const { data, error, refetch } = useWebhook(of);
  if (data !== undefined) return <NewWebhook initial={copyOf(data)} />;
  return error ? <PageError problem={error} retry={() => refetch()} /> : <PageSkeleton />;
}

function NewWebhook({ initial }: { initial: WebhookValues }) {
  const create = useCreateWebhook();
  const [created, setCreated] = useState<CreatedWebhook>();
  if (created !== undefined) return <Created webhook={created} />;
  return (
    <>
      <PageHeader
        title="New webhook"
        description="A name, a URL and event types are enough; everything else has a good default."
      />
      <WebhookForm
        initial={initial}
        action="Create webhook"
        onSave={async (values) => setCreated(await create.mutateAsync(newInputOf(values)))}
      />
    </>
  );
}
