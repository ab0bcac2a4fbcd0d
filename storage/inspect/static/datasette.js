// Names for the fields of Datasette's own pages that have none, so that a screen reader can say what they are.
"use strict";

const NAMES = {
  "select[name^=_filter_column]": "column",
  "select[name^=_filter_op]": "comparison",
  "input[name^=_filter_value]": "value",
  "select[name=_sort]": "sort by",
  "textarea#sql-editor, .CodeMirror textarea": "SQL",
};

// at load: only then Datasette turns the field for SQL into an editor
addEventListener("load", () => {
  for (const [selector, name] of Object.entries(NAMES)) {
    document.querySelectorAll(selector).forEach((part) => part.setAttribute("aria-label", name));
  }
  document.querySelectorAll(".table-wrapper, .wrapped-sql").forEach((part) => part.setAttribute("tabindex", "0"));
});
