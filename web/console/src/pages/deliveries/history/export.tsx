import { Button, Menu } from "@mantine/core";
import { exportDeliveries } from "@posthorn/client";
import { IconDownload, IconFileText, IconJson } from "@tabler/icons-react";
import { useState } from "react";
import { notifyDone, notifyProblem } from "../../../parts/notify.ts";
import { saveFile } from "../../../parts/save-file.ts";
import { useSession } from "../../../session/session.tsx";
import { asQuery, type HistoryFilters } from "./filters.tsx";

/** Saves what the filters let through as a file, all of it. */
export function ExportMenu({ webhook, filters }: { webhook: string | undefined; filters: HistoryFilters }) {
  const { posthorn, shownTenant } = useSession();
  const [isBusy, setIsBusy] = useState(false);
  const save = async (format: "csv" | "ndjson") => {
    setIsBusy(true);
    try {
      const answer = await exportDeliveries(posthorn, { webhook }, format, asQuery(filters));
      const name = `deliveries-${shownTenant}-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${format}`;
      saveFile(await answer.blob(), name);
      notifyDone(`Saved ${name}`);
    } catch (problem) {
      notifyProblem("The deliveries could not be exported", problem);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={isBusy}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileText size={16} aria-hidden />} onClick={() => save("csv")}>
          CSV, for spreadsheets
        </Menu.Item>
        <Menu.Item leftSection={<IconJson size={16} aria-hidden />} onClick={() => save("ndjson")}>
          NDJSON, an object in each line
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
