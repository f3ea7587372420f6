/** What a reader does with an answer: keeps it, or says whether it was right. */

import { file, part, post, put } from "./api.js";
import { button, fill, h, input, toast, uid } from "./dom.js";

/** @param {unknown} error */
const sorry = (error) => toast(error instanceof Error ? error.message : String(error));

/** @param {string} question @param {import("./types.js").Query[]} queries */
export function saving(question, queries) {
  const place = h("span", { class: "inline-form" });
  const start = button("Save", () => {
    const name = input("Name", { value: question.slice(0, 60), maxlength: 80, required: true });
    fill(
      place,
      h(
        "form",
        {
          onsubmit: async (/** @type {Event} */ event) => {
            event.preventDefault();
            try {
              await put(`/saved-questions/${part(name.input.value.trim())}`, { question, queries });
              fill(place, h("span", { class: "quiet" }, "Saved; it stands on the start page."));
            } catch (error) {
              sorry(error);
            }
          },
        },
        name.field,
        h("button", { type: "submit" }, "Save"),
        button("Cancel", () => fill(place, start), { class: "plain" }),
      ),
    );
    name.input.focus();
    name.input.select();
  });
  place.append(start);
  return place;
}

/** @param {string} id */
export function feedback(id) {
  const place = h("span", { class: "feedback inline-form", role: "group", "aria-label": "Was this right?" });
  /** @param {string} verdict @param {string} note */
  const send = async (verdict, note) => {
    try {
      await post(`/questions/${part(id)}/feedback`, { verdict, note });
      fill(
        place,
        h(
          "span",
          { class: "quiet", role: "status" },
          verdict === "right" ? "Noted as right." : "Noted; it becomes a test case.",
        ),
      );
    } catch (error) {
      sorry(error);
    }
  };
  const wrong = () => {
    const note = h("textarea", { id: uid("note"), rows: 2, maxlength: 1000 });
    fill(
      place,
      h(
        "form",
        {
          class: "note-form",
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            send("wrong", note.value.trim());
          },
        },
        h("label", { for: note.id }, "What is wrong, and what should it be?"),
        note,
        h("button", { type: "submit", class: "primary" }, "Send"),
        button("It is only unclear", () => send("unclear", note.value.trim())),
      ),
    );
    note.focus();
  };
  place.append(
    h("span", { class: "quiet" }, "Right?"),
    button("Yes", () => send("right", ""), { "aria-label": "Yes, it is right" }),
    button("No", wrong, { "aria-label": "No, it is wrong" }),
  );
  return place;
}

/** Downloads a file of the API. @param {string} path @param {string} label */
export function takeAway(path, label) {
  const take = button(label, async () => {
    take.disabled = true;
    try {
      const { blob, name } = await file(path);
      const at = URL.createObjectURL(blob);
      h("a", { href: at, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(at), 60_000);
    } catch (error) {
      sorry(error);
    }
    take.disabled = false;
  });
  return take;
}
