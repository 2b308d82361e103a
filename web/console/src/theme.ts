import { createTheme, Drawer, type MantineColorsTuple, Modal, Notification } from "@mantine/core";

const horn: MantineColorsTuple = [
  "#fff4ed",
  "#ffe6d5",
  "#fecaaa",
  "#fda574",
  "#fb763c",
  "#f15a16",
  "#c2410c",
  "#a3360b",
  "#872e10",
  "#6e2810",
];

/**
 * The list of choices scrolls by itself. Mantine's own area within it would be one that no key reaches, and that
 * assistive technology takes for something other than the list. It stands within the page's landmarks; fixed, so that
 * nothing cuts it off.
 */
const choices = {
  defaultProps: {
    withScrollArea: false,
    comboboxProps: { withinPortal: false, floatingStrategy: "fixed", shadow: "md" },
  },
};

/** What a dialog is about is a heading, larger than the labels in it. */
const dialogTitle = { title: { fontWeight: 650, fontSize: "var(--mantine-font-size-lg)" } };

export const theme = createTheme({
  primaryColor: "horn",
  // Dark enough for white text at a contrast of 4.5 : 1, light enough on a dark page.
  primaryShade: { light: 6, dark: 6 },
  colors: { horn },
  autoContrast: true,
  defaultRadius: "md",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'Noto Sans Mono', monospace",
  headings: { fontWeight: "650" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Select: choices,
    MultiSelect: choices,
    Autocomplete: choices,
    TagsInput: choices,
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        // Its head is a `header` element, and would be a second banner of the page.
        attributes: { header: { role: "presentation" } },
      },
      styles: dialogTitle,
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        attributes: { header: { role: "presentation" } },
      },
      styles: dialogTitle,
    }),
    Popover: { defaultProps: { shadow: "md" } },
    NavLink: { styles: { root: { borderRadius: "var(--mantine-radius-md)" } } },
    Menu: {
      defaultProps: {
        // Within the page's landmarks; fixed, so that no table cuts it off.
        withinPortal: false,
        floatingStrategy: "fixed",
        shadow: "md",
        // The first entry has the focus: an empty place is no entry of a menu.
        withInitialFocusPlaceholder: false,
      },
    },
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
  },
});
