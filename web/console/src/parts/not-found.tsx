import { Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "./empty-state.tsx";

export function NotFoundPage() {
  return (
    <EmptyState
      icon={IconMapPinOff}
      title="Not found"
      isPage
      action={
        <Button component={Link} to="/" variant="default">
          To the overview
        </Button>
      }
    >
      There is nothing here that this key may see. It may have been deleted, be older than what is kept, or
      belong to another tenant.
    </EmptyState>
  );
}
