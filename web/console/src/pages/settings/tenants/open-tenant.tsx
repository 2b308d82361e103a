import { Button, Group, TextInput } from "@mantine/core";
import { ApiProblem, getTenant } from "@posthorn/client";
import { usePosthorn } from "@posthorn/client/react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { notifyProblem } from "../../../parts/notify.ts";

/** Goes to a tenant by its id: there may be more of them than anybody wants to leaf through. */
export function OpenTenant() {
  const posthorn = usePosthorn();
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const [error, setError] = useState<string>();
  const open = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const tenant = await getTenant(posthorn, id.trim());
      await navigate({ to: "/", search: { tenant: tenant.id } });
    } catch (problem) {
      if (problem instanceof ApiProblem && (problem.status === 404 || problem.status === 422)) {
        setError("No tenant has this id");
      } else notifyProblem("The tenant could not be looked up", problem);
    }
  };
  return (
    <form onSubmit={open}>
      <Group gap="xs" mb="md" align="flex-start">
        <TextInput
          aria-label="Id of a tenant"
          placeholder="Id of a tenant"
          w={{ base: "100%", xs: 280 }}
          value={id}
          onChange={(event) => {
            setError(undefined);
            setId(event.currentTarget.value);
          }}
          error={error}
        />
        <Button type="submit" variant="default" disabled={id.trim() === ""}>
          Open
        </Button>
      </Group>
    </form>
  );
}
