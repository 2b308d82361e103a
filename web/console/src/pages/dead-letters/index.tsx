import { Box, Button, Text } from "@mantine/core";
import { useDeadLetterPages, useRetryDeadLetters } from "@posthorn/client/react";
import { IconFilterOff, IconMailCheck } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { Confirm } from "../../parts/confirm.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { notifyDone, notifyProblem } from "../../parts/notify.ts";
import { PageError } from "../../parts/page-error.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { RowsSkeleton } from "../../parts/page-skeleton.tsx";
import { ReplayWatch } from "../../parts/replay-watch.tsx";
import { ShowOlder } from "../../parts/show-older.tsx";
import { useSession } from "../../session/session.tsx";
import { SelectionBar } from "./bar.tsx";
import { Filters } from "./filters.tsx";
import { Letter } from "./letter.tsx";
import type { DeadLettersSearch } from "./search.ts";
import { allOf, asQuery, choiceOf, countOf, nothing, type Selection } from "./selection.ts";
import { DeadLettersTable } from "./table.tsx";
import { useDiscard } from "./use-discard.ts";

const PAGE_SIZE = 100;
/** How often the newest are asked for, in milliseconds, while nobody is choosing. */
const LIVE_MS = 3_000;

export default function Page() {
  const search = useSearch({ from: "/dead-letters" });
  const navigate = useNavigate();
  const { mayManage } = useSession();
  const [selection, setSelection] = useState<Selection>(nothing);
  const [asked, setAsked] = useState<Selection>();
  const [isDeep, setIsDeep] = useState(false);
  const isLive = !isDeep && countOf(selection) === 0;
  const query = { ...asQuery(search), limit: PAGE_SIZE };
  const pages = useDeadLetterPages(query, { refetchInterval: isLive ? LIVE_MS : false });
  const retry = useRetryDeadLetters();
  // What is done with letters takes away the button or row that had the focus.
  const list = useRef<HTMLDivElement>(null);
  const focusList = () => list.current?.focus({ preventScroll: true });
  const { discard, progress } = useDiscard();
  const letters = pages.data?.pages.flatMap((page) => page.dead_letters);
  const first = pages.data?.pages[0];
  const total = first?.total ?? 0;

  const go = (to: DeadLettersSearch) =>
    navigate({ to: "/dead-letters", search: to, replace: true, resetScroll: false });
  const filter = (to: DeadLettersSearch) => {
    setSelection(nothing);
    setIsDeep(false);
    go(to);
  };
  // A letter that is shown is gone afterwards: nobody asks for it again.
  const closeLetter = () => go({ ...search, letter: undefined });
  const retryThese = (chosen: Selection) => {
    closeLetter();
    retry.mutate(choiceOf(chosen, search), {
      onSuccess: ({ replay_id }) => {
        setSelection(nothing);
        go({ ...search, letter: undefined, replay: replay_id });
        focusList();
      },
      onError: (problem) => notifyProblem("They could not be retried", problem),
    });
  };
  const discardThese = async (chosen: Selection) => {
    closeLetter();
    const discarded = await discard(chosen, search);
    setSelection(nothing);
    notifyDone(`Discarded ${discarded.toLocaleString("en")}`);
    focusList();
  };

  return (
    <>
      <PageHeader
        title="Dead letters"
        description="What could not be delivered or read. Repair the receiver, then retry."
      />
      {search.replay !== undefined && (
        <ReplayWatch
          id={search.replay}
          title="Retry of dead letters"
          skippedNote="Those for a disabled webhook stay in the list."
          onClose={() => {
            go({ ...search, replay: undefined });
            focusList();
          }}
        />
      )}
      <Filters search={search} onChange={filter} />
      <Box ref={list} tabIndex={-1} role="group" aria-label="Dead letters" style={{ outline: "none" }}>
        {pages.error && <PageError problem={pages.error} retry={() => pages.refetch()} />}
        {letters === undefined && !pages.error && <RowsSkeleton rows={10} height={44} />}
        {letters?.length === 0 && (
          <Nothing search={search} onClear={() => filter({ replay: search.replay })} />
        )}
        {letters !== undefined && letters.length > 0 && (
          <>
            {mayManage && (
              <SelectionBar
                selection={selection}
                shown={letters.length}
                total={total}
                isExact={first?.total_exact ?? true}
                onAll={() => setSelection(allOf(letters, total))}
                onNothing={() => setSelection(nothing)}
                onRetry={() => retryThese(selection)}
                onDiscard={() => setAsked(selection)}
                isRetrying={retry.isPending}
                progress={progress}
              />
            )}
            <DeadLettersTable letters={letters} selection={selection} onSelect={setSelection} />
            <ShowOlder
              hasMore={pages.hasNextPage}
              isBusy={pages.isFetchingNextPage}
              onClick={() => {
                setIsDeep(true);
                pages.fetchNextPage();
              }}
            />
            <Text size="sm" c="dimmed" ta="center" mt="md">
              {letters.length.toLocaleString("en")} of {first?.total_exact === false ? "about " : ""}
              {total.toLocaleString("en")} dead letters
            </Text>
          </>
        )}
      </Box>
      <Letter
        id={search.letter}
        onClose={closeLetter}
        onRetry={(id) => retryThese({ kind: "some", ids: new Set([id]) })}
        onDiscard={(id) => setAsked({ kind: "some", ids: new Set([id]) })}
      />
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`Discard ${asked ? countWords(countOf(asked)) : ""}?`}
        action="Discard"
        onConfirm={() => discardThese(asked ?? nothing)}
      >
        They cannot be retried from here any more. The record of their deliveries stays.
      </Confirm>
    </>
  );
}

function countWords(count: number): string {
  return count === 1 ? "this dead letter" : `${count.toLocaleString("en")} dead letters`;
}

function Nothing({ search, onClear }: { search: DeadLettersSearch; onClear: () => void }) {
  const isFiltered = Object.values(asQuery(search)).some((value) => value !== undefined);
  return isFiltered ? (
    <EmptyState
      icon={IconFilterOff}
      title="No dead letter passes these filters"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the filters
        </Button>
      }
    >
      Choose another webhook or a longer time.
    </EmptyState>
  ) : (
    <EmptyState icon={IconMailCheck} title="No dead letters">
      Everything was delivered, or is still tried. A delivery that has used up its attempts appears here, and
      a message that could not be read.
    </EmptyState>
  );
}
