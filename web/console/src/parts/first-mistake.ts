import { type RefObject, useEffect } from "react";

/** Takes the focus to the first field of a form that is wrong, whenever `mistakes` changes: it may be out of sight. */
export function useFirstMistake(form: RefObject<HTMLFormElement | null>, mistakes: unknown) {
  useEffect(() => {
    if (mistakes) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [form, mistakes]);
}
