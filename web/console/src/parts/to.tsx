import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ReactNode, Ref } from "react";

type LinkParts = { ref?: Ref<HTMLAnchorElement>; children?: ReactNode };

/** A link to another page, as text. */
export const LinkTo = createLink((props: Omit<AnchorProps, "href"> & LinkParts) => <Anchor {...props} />);

/** A link to another page that looks like a button. */
export const ButtonTo = createLink((props: Omit<ButtonProps, "href"> & LinkParts) => (
  <Button component="a" {...props} />
));
