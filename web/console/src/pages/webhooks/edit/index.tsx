import { ApiProblem } from "@posthorn/client";
import { usePatchWebhook } from "@posthorn/client/react";
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
import { useCondition } from "../use-condition.ts";
import { Conflict } from "./conflict.tsx";
import { type Loaded, useLoaded } from "./use-loaded.ts";

export default function Page() {
  const { mayManage } = useSession();
  const { id } = useParams({ from: "/webhooks/$id/edit" });
  const { data, error, refetch } = useLoaded(id);
  if (!mayManage) return <NotFoundPage />;
  if (data !== undefined) return <EditWebhook key={id} loaded={data} />;
  return error ? <PageError problem={error} retry={() => refetch()} /> : <PageSkeleton />;
}

function EditWebhook({ loaded }: { loaded: Loaded }) {
  const patch = usePatchWebhook();
  const navigate = useNavigate();
  // What the form began with: what it changes is told from this, and saved only if this is what is stored.
  const [base, setBase] = useState(loaded);
  const [initial] = useState(() => valuesOf(loaded.webhook));
  const { webhook, etag } = base;
  const { id } = webhook;
  const condition = useCondition(id);
  return (
    <>
      <PageHeader
        title={`Edit ${webhook.name}`}
        aside={<WebhookStateBadge webhook={webhook} condition={condition} />}
        description="What is changed counts from the next attempt of each delivery."
      />
      <WebhookForm
        initial={initial}
        stored={webhook}
        action="Save changes"
        onSave={async (values) => {
          await patch.mutateAsync({ id, body: patchOf(valuesOf(webhook), values), ifMatch: etag });
          notifyDone(`${values.name.trim()} is saved`);
          await navigate({ to: "/webhooks/$id", params: { id } });
        }}
        explain={(problem, onDone) =>
          problem instanceof ApiProblem && problem.status === 412 ? (
            <Conflict
              base={base}
              onDecided={(theirs) => {
                setBase(theirs);
                onDone();
              }}
            />
          ) : undefined
        }
      />
    </>
  );
}
