/** Texts that mean something to one of the services, and some that only look so. */
export const texts = [
  "deploy.sh", "@durov", "#tag", "$USD", "/start", "ada@example.com", "https://example.com/a_b?c=d&e", "example.com", "t.me/x",
  "127.0.0.1", "tg://resolve?domain=x", "4111 1111 1111 1111", "4111-1111-1111-1111", "+1 202 555 0100", "12:34", "12:00:00",
  "__init__.py", "_x_", "__x__", "a_b_c", "*x*", "**x**", "***x***", "~x~", "~~x~~", "`x`", "```x```", "``", "||x||", "|a|b|\n|-|-|",
  "a | b\n:-:", "# 12", "## x", "-# x", "  # x", "a\n# b", "#12", "- x", "* x", "+ x", "  - x", "a\n- b", "10. Feb", "1) x", "7.", "2.5",
  "> quote", ">>> quote", "a\n> b", "&gt; quote", "---", "===", "a\n---", "a\n===", "___", "    code", "\tcode",
  "<@1>", "<@!1>", "<@&1>", "<#1>", "<t:1700000000:R>", "<:name:1>", "<a:name:1>", "</cmd:1>", "<id:home>", "<https://example.com>",
  "<!channel>", "<!here|here>", "<@U1>", "<#C1|x>", "<https://example.com|x>", "@everyone", "@here", "<at>x</at>",
  "[a](https://example.com)", "![a](https://example.com)", "[a]: https://example.com", "[a][b]", "<b>x</b>", "<a href=\"x\">y</a>",
  "&lt;b&gt;", "&amp;", "&copy;", "a & b", "{{DATE(2025-01-26T12:00:00Z)}}", "{{TIME(2025-01-26T12:00:00Z, SHORT)}}",
  ":wave:", ":+1:", "a:b:c", "::", ":)", "¯\\_(ツ)_/¯", "\\", "\\*", "\\\\", "\\_x_", "a\\\nb", "line\nbreak", "two\n\nlines", "trailing  \nx",
  "\u200b- x", "\ufeff# x", "3 * 4 * 5", "x_", "_", "*", "snake_case_name", "$HOME/bin", "C:\\Users\\x", "50%", "a–b", "😀", "plain words",
];

const separators = ["", " ", "\n", "\n\n", "  ", "x"];

/** The same texts one behind the other, in an order that does not change. */
export function* combined(count) {
  let state = 7;
  const pick = (list) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)];
  };
  for (let n = 0; n < count; n += 1) {
    let text = pick(texts);
    for (let more = pick([1, 2, 3, 4]); more > 0; more -= 1) text += pick(separators) + pick(texts);
    yield text;
  }
}

const COMBINED = 3_000;

/** All of them. */
export const all = [...texts, ...combined(COMBINED)];
