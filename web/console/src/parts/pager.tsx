import { Group, Pagination, Text } from "@mantine/core";

/** The pages of a list that is counted from its beginning. */
export function Pager(props: {
  page: number;
  pageSize: number;
  total: number;
  /** Whether `total` is exact; else there are more. */
  isExact?: boolean;
  /** What is listed, of one and of many. */
  nouns: readonly [string, string];
  onChange: (page: number) => void;
}) {
  const { page, pageSize, total, isExact = true, nouns, onChange } = props;
  const pages = Math.ceil(total / pageSize);
  const all = `${isExact ? "" : "More than "}${total.toLocaleString("en")} ${total === 1 ? nouns[0] : nouns[1]}`;
  return (
    <Group justify="space-between" mt="md" gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {all}
      </Text>
      {pages > 1 && (
        <Pagination
          component="nav"
          aria-label="Parts of the list"
          size="sm"
          value={page}
          total={pages}
          onChange={onChange}
          getItemProps={(number) => ({ "aria-label": `Page ${number}` })}
          getControlProps={(control) => ({ "aria-label": controls[control] })}
        />
      )}
    </Group>
  );
}

const controls = { first: "First page", previous: "Page before", next: "Next page", last: "Last page" };
