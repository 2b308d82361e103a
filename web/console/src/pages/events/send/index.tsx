import { Card, Grid } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { PageError } from "../../../parts/page-error.tsx";
import { PageHeader } from "../../../parts/page-header.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { pretty } from "../../../parts/pretty.ts";
import { useSession } from "../../../session/session.tsx";
import { useEventText } from "../event-text.ts";
import { emptyDraft } from "./draft.ts";
import { SendForm } from "./form.tsx";
import { Receivers } from "./receivers.tsx";
import { SentEvent } from "./sent.tsx";
import type { Sent } from "./use-send.ts";

export default function Page() {
  const { type = "", copy } = useSearch({ from: "/events/new" });
  const original = useEventText(copy);
  const [sent, setSent] = useState<Sent>();
  const [chosen, setChosen] = useState<string>();
  const { mayView } = useSession();
  const aside = useRef<HTMLDivElement>(null);
  if (original.error) return <PageError problem={original.error} retry={() => original.refetch()} />;
  if (original.isLoading) return <PageSkeleton />;
  const copied = original.data && { type: original.data.event.type, data: pretty(original.data.data) };
  return (
    <>
      <PageHeader
        title="Send a test event"
        description="It goes where a real one would go: to every webhook that wants it."
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Card withBorder>
            <SendForm
              key={copy ?? type}
              initial={{ ...emptyDraft, type, ...copied }}
              onType={setChosen}
              onSent={setSent}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }} ref={aside} tabIndex={-1} style={{ outline: "none" }}>
          {sent !== undefined && (
            <SentEvent
              key={sent.id}
              sent={sent}
              onClose={() => {
                setSent(undefined);
                aside.current?.focus({ preventScroll: true });
              }}
            />
          )}
          {sent === undefined && mayView && <Receivers type={chosen ?? copied?.type ?? type} />}
        </Grid.Col>
      </Grid>
    </>
  );
}
