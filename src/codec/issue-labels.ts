import type { Language } from "../domain/config.ts";
import { type HandoverPart, PRIORITIES, type Priority, type RecordWord } from "../domain/issue.ts";

/** Labels of the header fields in both languages. */
export const FIELD_LABELS = {
  zh: {
    creator: "发起方",
    handler: "处理方",
    priority: "优先级",
    created: "创建时间",
    status: "状态",
    slaDeadline: "SLA 截止",
    queue: "队列",
    ref: "关联 Issue",
    blockedBy: "依赖",
    labels: "标签",
    rules: "验收规则",
    fence: "fence",
  },
  en: {
    creator: "Creator",
    handler: "Handler",
    priority: "Priority",
    created: "Created",
    status: "Status",
    slaDeadline: "SLA deadline",
    queue: "Queue",
    ref: "Related issue",
    blockedBy: "Blocked by",
    labels: "Labels",
    rules: "Acceptance rules",
    fence: "fence",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Name of a header field. */
export type FieldName = keyof (typeof FIELD_LABELS)["zh"];

/** Headings of the sections in both languages. */
export const SECTION_TITLES = {
  zh: {
    body: "问题描述",
    context: "关联上下文",
    acceptance: "验收清单",
    handover: "交接",
    records: "处理记录",
  },
  en: {
    body: "Description",
    context: "Context",
    acceptance: "Acceptance",
    handover: "Hand-over",
    records: "Records",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** Name of a section that mai knows. */
export type SectionName = keyof (typeof SECTION_TITLES)["zh"];

/** What stands before an entry of a hand-over note. */
export const HANDOVER_LABELS = {
  zh: { done: "已完成", remaining: "剩余", decisions: "决定", uncertain: "存疑" },
  en: { done: "Done", remaining: "Remaining", decisions: "Decision", uncertain: "Uncertain" },
} as const satisfies Record<Language, Record<HandoverPart, string>>;

/** Shown before a priority in its field. */
export const PRIORITY_MARKS = { P0: "🔴", P1: "🟡", P2: "🟢" } as const satisfies Record<Priority, string>;

/** What ends a label in a header line. */
export const COLON = { zh: "：", en: ":" } as const satisfies Record<Language, string>;

const CREATED_WORDS = { zh: "创建", en: "CREATED" } as const satisfies Record<Language, string>;

/** Returns the field that a label names, in either language. */
export function fieldOfLabel(label: string): FieldName | null {
  return FIELD_OF_LABEL[label] ?? null;
}

/** Returns the part of a hand-over note that a label names, in either language. */
export function handoverPartOf(label: string): HandoverPart | null {
  return PART_OF_LABEL[label] ?? null;
}

/** Returns the section that a heading names, in either language. */
export function sectionOfTitle(title: string): SectionName | null {
  return SECTION_OF_TITLE[title] ?? null;
}

/** Returns the word that stands in a record of this language. */
export function wordInFile(word: RecordWord, language: Language): string {
  return word === "CREATED" ? CREATED_WORDS[language] : word;
}

/** Returns the priority that a field value names; a missing or unknown one is P2. */
export function priorityOf(value: string | undefined): Priority {
  for (const priority of PRIORITIES) if (value?.includes(priority)) return priority;
  return "P2";
}

const FIELD_OF_LABEL = inverted(FIELD_LABELS);
const PART_OF_LABEL = inverted(HANDOVER_LABELS);
const SECTION_OF_TITLE = inverted(SECTION_TITLES);

function inverted<Name extends string>(tables: Record<Language, Record<Name, string>>): Record<string, Name> {
  const names: Record<string, Name> = Object.create(null);
  for (const table of [tables.zh, tables.en]) {
    for (const name of Object.keys(table) as Name[]) names[table[name]] = name;
  }
  return names;
}
