/** A member that a JSON Schema tells of, as a line of a table. */
export interface SchemaField {
  /** From the outside in: `customer.address.city`, `items[].price`. */
  path: string;
  /** In words: "string (date-time)", "array of objects", "one of "a", "b"". */
  type: string;
  isRequired: boolean;
  description: string | undefined;
}

type Schema = Record<string, unknown>;

/** Deeper members are not told: a schema may contain itself. */
const DEPTH_MAX = 5;
/** More values of an enumeration are not told. */
const VALUES_MAX = 6;

/** The members that a JSON Schema describes, outer before inner. Empty for one that describes no object. */
export function schemaFields(schema: unknown): SchemaField[] {
  return isSchema(schema) ? fieldsOf(schema, schema, "", 0) : [];
}

function fieldsOf(root: Schema, given: Schema, prefix: string, depth: number): SchemaField[] {
  if (depth >= DEPTH_MAX) return [];
  const schema = resolved(root, given);
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isSchema) : [];
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const own = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const fields = own.flatMap(([name, value]) => {
    if (!isSchema(value)) return [];
    const member = resolved(root, value);
    const path = `${prefix}${name}`;
    const items = isSchema(member.items) ? member.items : undefined;
    const inner =
      items === undefined
        ? fieldsOf(root, member, `${path}.`, depth + 1)
        : fieldsOf(root, items, `${path}[].`, depth + 1);
    const description = value.description ?? member.description ?? member.title;
    const field: SchemaField = {
      path,
      type: typeOf(root, member),
      isRequired: required.has(name),
      description: typeof description === "string" ? description : undefined,
    };
    return [field, ...inner];
  });
  return [...parts.flatMap((part) => fieldsOf(root, part, prefix, depth)), ...fields];
}

function typeOf(root: Schema, schema: Schema): string {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) {
    const values = schema.enum.slice(0, VALUES_MAX).map((value) => JSON.stringify(value));
    return `one of ${values.join(", ")}${schema.enum.length > VALUES_MAX ? ", …" : ""}`;
  }
  const choices = [schema.oneOf, schema.anyOf].find(Array.isArray);
  if (choices !== undefined) {
    return choices
      .filter(isSchema)
      .map((choice) => typeOf(root, resolved(root, choice)))
      .join(" or ");
  }
  const names = Array.isArray(schema.type) ? schema.type.map(String) : [String(schema.type ?? "")];
  return names.map((name) => named(root, schema, name)).join(" or ");
}

function named(root: Schema, schema: Schema, name: string): string {
  if (name === "array" && isSchema(schema.items)) {
    return `array of ${typeOf(root, resolved(root, schema.items))}`;
  }
  if (name === "string" && typeof schema.format === "string") return `string (${schema.format})`;
  if (name !== "") return name;
  return isSchema(schema.properties) || Array.isArray(schema.allOf) ? "object" : "any";
}

/** Follows references into the same document; one that leads nowhere describes nothing. */
function resolved(root: Schema, schema: Schema): Schema {
  let found = schema;
  for (let step = 0; step < DEPTH_MAX && typeof found.$ref === "string"; step += 1) {
    const next = at(root, found.$ref);
    if (next === undefined) return {};
    found = next;
  }
  return found;
}

function at(root: Schema, reference: string): Schema | undefined {
  if (!reference.startsWith("#")) return undefined;
  const names = reference.slice(1).split("/").slice(1);
  let place: unknown = root;
  for (const name of names) {
    if (!isSchema(place)) return undefined;
    place = place[decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return isSchema(place) ? place : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
