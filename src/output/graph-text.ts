import type { GraphEdge, GraphNode, IssueGraph } from "../domain/issue-graph.ts";
import { handlerText } from "../domain/unassigned.ts";
import { alignColumns } from "./columns.ts";
import { shortTitle } from "./issue-text.ts";

/** Renders what waits for what as a tree: below each issue what waits for it. */
export function graphText(graph: IssueGraph): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const below = Map.groupBy(graph.edges, ({ from }) => from);
  const waiting = new Set(graph.edges.map(({ to }) => to));
  const rows: string[][] = [];
  const drawn = new Set<string>();
  // With a list of its own of what is left to draw: a chain may be longer than calls can be deep.
  const draw = (start: string) => {
    const left: Place[] = [{ id: start, depth: [] }];
    for (let place = left.pop(); place !== undefined; place = left.pop()) {
      const node = nodes.get(place.id);
      if (node === undefined) continue;
      const children = below.get(place.id) ?? [];
      const isAgain = drawn.has(place.id);
      rows.push([...rowOf(node, place.depth), ...(isAgain && children.length > 0 ? ["(see above)"] : [])]);
      drawn.add(place.id);
      if (!isAgain) left.push(...placesBelow(place, children).toReversed());
    }
  };
  for (const { id } of graph.nodes) if (!waiting.has(id)) draw(id);
  // What is left waits in a ring: nothing of it stands at the top.
  for (const { id } of graph.nodes) if (!drawn.has(id)) draw(id);
  const rings = graph.cycles.map((cycle) => `These wait for each other: ${cycle.join(", ")}`);
  return [...alignColumns(rows).map((line) => line.trimEnd()), ...rings].join("\n");
}

/** Where an issue stands in the tree. */
interface Place {
  readonly id: string;
  /** What is drawn before it, one part for each level; not more than {@link MAX_DEPTH}. */
  readonly depth: readonly string[];
}

/** Deepest indentation: what lies deeper stands below each other, marked with `…`. */
const MAX_DEPTH = 40;

function placesBelow({ depth }: Place, children: readonly GraphEdge[]): readonly Place[] {
  if (depth.length >= MAX_DEPTH)
    return children.map(({ to }) => ({ id: to, depth: [...depth.slice(0, MAX_DEPTH - 1), "… "] }));
  const above = depth.map((part) => (part === "├─ " ? "│  " : part === "└─ " ? "   " : part));
  return children.map(({ to }, index) => ({
    id: to,
    depth: [...above, index === children.length - 1 ? "└─ " : "├─ "],
  }));
}

/** Renders the same as a Mermaid flowchart, for Markdown files; arrows lead to what waits. */
export function graphMermaid(graph: IssueGraph): string {
  const names = new Map(graph.nodes.map(({ id }, index) => [id, mermaidName(id, index)]));
  const nodes = graph.nodes.map(
    (node) => `  ${names.get(node.id)}["${mermaidLabel(node)}"]:::${classOf(node)}`,
  );
  const edges = graph.edges.map(({ from, to }) => `  ${names.get(from)} --> ${names.get(to)}`);
  return ["flowchart TD", ...nodes, ...edges, ...CLASSES].join("\n");
}

/** Readable on light and dark pages. */
const CLASSES = [
  "  classDef done fill:#d3f9d8,stroke:#2b8a3e,color:#000",
  "  classDef working fill:#d0ebff,stroke:#1971c2,color:#000",
  "  classDef waiting fill:#f1f3f5,stroke:#868e96,color:#000",
  "  classDef ready fill:#fff3bf,stroke:#e67700,color:#000",
  "  classDef stuck fill:#ffe3e3,stroke:#c92a2a,color:#000",
];

function rowOf({ id, status, handler, title, waits }: GraphNode, depth: readonly string[]): string[] {
  const state = waits && status === "OPEN" ? "OPEN, waits" : status;
  return [
    `${depth.join("")}${id}`,
    state,
    handler === null ? "" : handlerText(handler),
    shortTitle(title ?? ""),
  ];
}

function classOf({ status, waits }: GraphNode): string {
  if (status === "COMPLETED" || status === "DISCARDED") return "done";
  if (status === "IN_PROGRESS") return "working";
  if (status === "OPEN") return waits ? "waiting" : "ready";
  return "stuck";
}

/** Ids become names with an underscore, which no word of Mermaid has; what is no id gets a number. */
function mermaidName(id: string, index: number): string {
  return /^[A-Z0-9]+-[A-Z0-9]+$/.test(id) ? id.replace("-", "_") : `x${index}`;
}

/** Whatever could end the label, begin an entity, a tag, a directive or Markdown is written as its number. */
function mermaidLabel({ id, title }: GraphNode): string {
  const text = title === null ? id : `${id}: ${title}`;
  return text.replace(/["#&<>%`\\]/g, (character) => `#${character.charCodeAt(0)};`);
}
