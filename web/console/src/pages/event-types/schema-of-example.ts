/** A JSON Schema that an example satisfies: a draft, to be made stricter or looser by hand. */
export function schemaOfExample(example: unknown): Record<string, unknown> {
  if (example === null) return {};
  if (Array.isArray(example)) {
    const [first] = example;
    return first === undefined ? { type: "array" } : { type: "array", items: schemaOfExample(first) };
  }
  switch (typeof example) {
    case "object": {
      const members = Object.entries(example);
      return {
        type: "object",
        // What is null here may be anything elsewhere, so nothing is asked of it.
        required: members.filter(([, value]) => value !== null).map(([name]) => name),
        properties: Object.fromEntries(members.map(([name, value]) => [name, schemaOfExample(value)])),
      };
    }
    case "number":
      return { type: Number.isInteger(example) ? "integer" : "number" };
    default:
      return { type: typeof example };
  }
}
