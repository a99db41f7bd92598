// The questionnaire on SurveyJS: the form from the page's data, and the little that its JSON cannot say.

import { Model, settings } from "survey-core";
import { renderSurvey } from "survey-js-ui";

const root = document.querySelector("[data-checker]");
const app = root.querySelector(".checker-app");
const { survey: json, ui, talk, rules, outcomes } = JSON.parse(document.getElementById("checker-data").textContent);

const part = (name) => [...document.querySelectorAll("template")].find(({ dataset }) => dataset.part === name)?.innerHTML ?? "";
const escape = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt()};`);
const list = (style, entries) => `<ul class="${style}">${entries.map((entry) => `<li>${entry}</li>`).join("")}</ul>`;

// Pages that slide would count as slow.
settings.animationEnabled = false;
json.pages[0].elements[0].html = part("start");
const survey = new Model(json);
survey.focusFirstQuestionAutomatic = true;

// Forward leads to the first question without an answer, which may lie before this one; then to the check of all.
survey.onCurrentPageChanging.add((_, options) => {
  if (!options.isGoingForward) return;
  const next = survey.visiblePages.find(({ questions }) => questions.some((question) => question.isRequired && question.isEmpty()));
  if (!next || next === options.newCurrentPage) return;
  options.allow = false;
  setTimeout(() => (survey.currentPage = next));
});

/** What was answered to a question, as text. */
const said = (question) =>
  question.getType() === "matrix" ? question.visibleRows.map((row) => `${row.text}: ${question.columns[row.value]?.text ?? ""}`).join("; ") : question.displayValue;

function result() {
  const { value } = survey.calculatedValues.find(({ name }) => name === "outcome");
  const outcome = outcomes.find(({ id }) => id === value);
  const fired = rules
    .map((rule, at) => ({ ...rule, at }))
    .filter(({ at }) => survey.calculatedValues[at].value === true)
    .sort((a, b) => (a.outcome ?? 99) - (b.outcome ?? 99) || a.at - b.at);
  for (const rule of fired) {
    const also = rule.talkWhen.filter(([, when]) => survey.runExpression(when)).flatMap(([to]) => to);
    rule.who = [...new Set([...rule.talk, ...also])];
  }
  const reasons = fired.map(({ title, text, who, reads }) => {
    const why = reads
      .map((name) => survey.getQuestionByName(name))
      .filter((question) => question.isVisible && !question.isEmpty())
      .map((question) => `<div class="checker-because">${escape(`${ui.because} ${question.title}`)} <strong>${escape(String(said(question)))}</strong></div>`);
    const to = who.length > 0 ? `<p class="checker-with">${escape(`${ui.talk_with} ${who.map((at) => talk[at]).join("; ")}`)}</p>` : "";
    return `<h3>${escape(title)}</h3><p>${escape(text)}</p>${to}${why.join("")}`;
  });
  const who = [...new Set(fired.filter(({ outcome }) => outcome !== undefined).flatMap(({ who }) => who))];
  return `<div class="checker-result" data-outcome="${outcome.id}"><h2>${escape(outcome.title)}</h2>
    <p class="checker-notice">${escape(ui.not_diagnosis)}</p><h2>${escape(ui.why_title)}</h2>
    ${reasons.length > 0 ? list("checker-reasons", reasons) : escape(ui.why_none)}
    ${who.length > 0 ? `<h2>${escape(ui.talk_title)}</h2>${list("checker-talk", who.map((at) => escape(talk[at])))}` : ""}
    <h2>${escape(ui.next_title)}</h2>${part(`outcome-${outcome.id}`)}${part("foot")}</div>`;
}
survey.onCompleting.add(() => (survey.completedHtml = result()));

root.dataset.state = "live";
app.hidden = false;
renderSurvey(survey, app);
