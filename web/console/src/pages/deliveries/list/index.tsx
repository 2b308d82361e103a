import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageHeader } from "../../../parts/page-header.tsx";
import { DeliveryHistory } from "../history.tsx";

export default function Page() {
  const filters = useSearch({ from: "/deliveries" });
  const navigate = useNavigate();
  return (
    <>
      <PageHeader title="Deliveries" description="What was sent to the webhooks, and what came of it." />
      <DeliveryHistory
        filters={filters}
        onFilter={(search) => navigate({ to: "/deliveries", search, replace: true })}
      />
    </>
  );
}
