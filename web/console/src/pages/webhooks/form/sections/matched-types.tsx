import { Text } from "@mantine/core";

const TOLD_MAX = 6;

/** Which types of the catalogue the chosen patterns stand for today. */
export function MatchedTypes(props: {
  matched: readonly string[];
  known: number;
  /** Whether types that are in no catalogue are offered, because they were published lately. */
  offersSeen: boolean;
}) {
  const { matched, known } = props;
  if (known === 0) {
    return (
      <Text size="sm" c="dimmed">
        The catalogue of event types is empty:{" "}
        {props.offersSeen
          ? "choose from what was published lately, or write what your services publish."
          : "write what your services publish."}
      </Text>
    );
  }
  if (known === 1) {
    return (
      <Text size="sm" c="dimmed" aria-live="polite">
        {matched.length === 0
          ? "The only type of the catalogue is not chosen."
          : `The only type of the catalogue: ${matched[0]}.`}
      </Text>
    );
  }
  const told = matched.slice(0, TOLD_MAX).join(", ");
  const more = matched.length > TOLD_MAX ? ` and ${matched.length - TOLD_MAX} more` : "";
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {matched.length === 0
        ? `None of the ${known} types of the catalogue is chosen.`
        : `${matched.length} of the ${known} types of the catalogue: ${told}${more}.`}
    </Text>
  );
}
