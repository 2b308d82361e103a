// What each service makes of a message: each judge yields what it finds that is not the text that was published.
import { createRequire } from "node:module";
import * as discordMarkdown from "@odiffey/discord-markdown";
import discordParser from "discord-markdown-parser";
import { JSDOM } from "jsdom";
import MarkdownIt from "markdown-it";
import { getTdjson } from "prebuilt-tdlib";
import slackMarkdown from "slack-markdown";
import * as slackParser from "slack-message-parser";
import * as tdl from "tdl";

// Its modules name each other in a way that only bundlers follow.
const { AdaptiveCard } = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

tdl.configure({ tdjson: getTdjson(), verbosityLevel: 0 });

/** Where a service would take two characters for the beginning of something, an invisible one stands between them. */
const visible = (text) => text.replaceAll("{\u2060{", "{{").replaceAll(/<\u2060([!@#])/g, "<$1");
const isShown = (shown, text) => visible(shown).includes(text);

export function* telegram(message, text) {
  const parsed = tdl.execute({
    _: "parseTextEntities",
    text: message.text,
    parse_mode: { _: "textParseModeHTML" },
  });
  if (parsed._ === "error") return yield parsed.message;
  const kind = ({ type }) => type._.replace("textEntityType", "");
  const code = parsed.entities.filter((entity) => kind(entity) === "Code");
  for (const entity of parsed.entities) {
    if (!["Code", "Bold"].includes(kind(entity))) yield `${kind(entity)} by markup`;
  }
  // Telegram drops what it finds within code.
  const isWithin = ({ offset, length }) =>
    code.some((one) => offset < one.offset + one.length && one.offset < offset + length);
  for (const entity of tdl.execute({ _: "getTextEntities", text: parsed.text }).entities) {
    if (!isWithin(entity)) yield `${kind(entity)} ${parsed.text.slice(entity.offset, entity.offset + entity.length)}`;
  }
  if (!isShown(parsed.text, text.replaceAll("\t", "\t"))) yield `shows ${JSON.stringify(parsed.text)}`;
}

export function* discord(message, text) {
  const [embed] = message.embeds;
  for (const written of embed.fields.flatMap(({ name, value }) => [name, value])) {
    const nodes = discordParser.parse(written, "extended");
    // Its parser makes blanks of a tab; an emoji of the data is one.
    const plain = nodes.every(({ type }) => ["text", "br", "twemoji"].includes(type));
    if (!plain) yield JSON.stringify(nodes.find(({ type }) => !["text", "br", "twemoji"].includes(type)));
    const shown = nodes.map((node) => (node.type === "br" ? "\n" : (node.content ?? node.name))).join("");
    if (plain && shown !== text.replaceAll("\t", "    ") && written !== "text") yield `shows ${JSON.stringify(shown)}`;
    const html = discordMarkdown.toHTML(written, { embed: true }).replaceAll("<br>", "");
    if (/<[a-z]/.test(html)) yield html;
  }
}

const markdown = new MarkdownIt();
const { window } = new JSDOM();
Object.assign(globalThis, { window, document: window.document, HTMLElement: window.HTMLElement });
AdaptiveCard.onProcessMarkdown = (source, result) => {
  result.outputHtml = markdown.render(source);
  result.didProcess = true;
};

export function* teams(message, text) {
  const card = new AdaptiveCard();
  card.parse(message.attachments[0].content);
  const element = card.render();
  const found = element.querySelectorAll("a, em, strong, code, pre, h1, h2, h3, ul, ol, blockquote, table:not(.ac-factset), hr, img, s");
  for (const { outerHTML } of found) yield outerHTML;
  // HTML does not tell line breaks from blanks, and a line that begins with blanks has others.
  const unspaced = (words) => words.replaceAll(/\s/g, "");
  if (!isShown(unspaced(element.textContent), unspaced(text))) yield `shows ${JSON.stringify(element.textContent)}`;
}

export function* slack(message, text) {
  const texts = message.blocks.flatMap((block) => block.fields ?? block.elements ?? [block.text]);
  for (const { type, text: written } of texts) {
    if (type !== "mrkdwn") continue;
    const [, , value] = /^\*([^\n]*)\*\n([^]*)$/.exec(written) ?? [];
    if (value === undefined) yield `no name and value: ${written}`;
    else yield* inSlack(value);
  }
  yield* inSlack(message.text);
  const shown = texts.map(({ type, text: written }) =>
    type === "mrkdwn" ? written.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&") : written,
  );
  if (!isShown(shown.join("\n"), text)) yield `shows ${JSON.stringify(shown)}`;
}

function* inSlack(written) {
  const { children } = slackParser.parse(written);
  for (const { type } of children) if (type !== slackParser.NodeType.Text) yield `${slackParser.NodeType[type]} in ${written}`;
  const html = slackMarkdown.toHTML(written).replaceAll("<br>", "");
  if (/<[a-z]/.test(html)) yield html;
}
