import { Anchor, type AnchorProps, Button, type ButtonProps, Menu, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ReactNode, Ref } from "react";

type LinkParts = { ref?: Ref<HTMLAnchorElement>; children?: ReactNode };

/** A link to another page, as text. */
export const LinkTo = createLink((props: Omit<AnchorProps, "href"> & LinkParts) => <Anchor {...props} />);

/** A link to another page that looks like a button. */
export const ButtonTo = createLink((props: Omit<ButtonProps, "href"> & LinkParts) => (
  <Button component="a" {...props} />
));

/** A link to another page in a menu. */
export const MenuItemTo = createLink((props: Omit<MenuItemProps, "href"> & LinkParts) => (
  <Menu.Item component="a" {...props} />
));
