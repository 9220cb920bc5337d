import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import { GUIDE_TOPICS, GUIDES, guideListText, guideText } from "../output/guides.ts";
import { defineCommand } from "./define-command.ts";

/** `mai guide` */
export const command = defineCommand({
  words: "guide",
  summary:
    "Shows a short guide: claim, handoff, review, plan or recover; without a topic, the list. Needs no project.",
  args: {
    topic: { type: "positional", required: false, description: GUIDE_TOPICS.join(", ") },
  },
  errors: [],
  examples: ["mai guide claim", "mai --json guide recover"],
  run(_cli, values) {
    if (values.topic === null) return { fields: { topics: GUIDE_TOPICS }, text: guideListText() };
    const wanted = values.topic.toLowerCase();
    const topic = GUIDE_TOPICS.find((name) => name === wanted);
    if (topic === undefined) {
      throw new MaiError("USAGE", `There is no guide ${JSON.stringify(values.topic)}.`, {
        hint: didYouMean(values.topic, GUIDE_TOPICS, "mai guide"),
        fields: { topic: values.topic, topics: GUIDE_TOPICS },
      });
    }
    return {
      fields: { topic, title: GUIDES[topic].title, text: GUIDES[topic].text },
      text: guideText(topic),
    };
  },
});
