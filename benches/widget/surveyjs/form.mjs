// The questionnaire as SurveyJS wants it: one question a page, conditions as expressions, the outcome as a calculated
// value. SurveyJS reads an empty answer as "no"; ours is "not known yet". So a condition is written in two ways: when it
// certainly holds, and when it certainly does not.

const nameOf = ({ id }) => id.replace(/\W/g, "_");
const quote = (text) => `'${text}'`;
const both = (parts) => (parts.length === 1 ? parts[0] : `(${parts.join(" and ")})`);
const either = (parts) => (parts.length === 1 ? parts[0] : `(${parts.join(" or ")})`);
const NEVER = "(1 = 2)";

/** Writes conditions of one questionnaire as expressions. */
function expressions({ questions, sets }) {
  const field = (at) => `{${nameOf(questions[at])}}`;
  const item = (at, place) => `{${nameOf(questions[at])}.i${place + 1}}`;
  const answered = (at) => `${field(at)} notempty`;

  /** The question, or the long instrument that it is read from: only one of the two is ever asked. */
  const sources = (at) => [at, questions[at].answeredBy].filter((place) => place !== undefined);
  const score = (at) => {
    const { items, gated } = questions[at];
    const places = items.map((_, place) => place).slice(gated ? 1 : 0);
    return `sum(${sources(at).flatMap((source) => places.map((place) => item(source, place))).join(", ")})`;
  };

  const chosen = (at, options, count) => {
    const { kind, options: all } = questions[at];
    const values = options.map((place) => quote(all[place].id));
    if (kind === "one") return either(values.map((value) => `${field(at)} = ${value}`));
    if (count === 1) return `${field(at)} anyof [${values.join(", ")}]`;
    return `${values.map((value) => `iif(${field(at)} contains ${value}, 1, 0)`).join(" + ")} >= ${count}`;
  };
  const open = (at) => (questions[at].gated ? `${item(at, 0)} = 1` : undefined);

  const LINES = {
    chosen: (at, options, count) => [chosen(at, options, count), both([answered(at), `!(${chosen(at, options, count)})`])],
    unchosen: (at, options) => [both([answered(at), `!(${chosen(at, options, 1)})`]), chosen(at, options, 1)],
    from: (at, value) => amount(at, ">=", "<", value),
    below: (at, value) => amount(at, "<", ">=", value),
    unknown: (at) => [`${field(at)} = 'unknown'`, both([answered(at), `${field(at)} <> 'unknown'`])],
    "item-from": (at, place, value) => items(at, place, ">=", "<", value),
    "item-below": (at, place, value) => items(at, place, "<", ">=", value),
  };
  function amount(at, holds, fails, value) {
    const { items, gated, decimals } = questions[at];
    if (!items) return [holds, fails].map((sign) => both([answered(at), `${field(at)} ${sign} ${value / 10 ** decimals}`]));
    const there = either(sources(at).map(answered));
    return [holds, fails].map((sign) => {
      const reached = `${score(at)} ${sign} ${value}`;
      if (!gated) return both([there, reached]);
      return sign === ">=" ? both([open(at), reached]) : both([there, either([`${item(at, 0)} = 0`, reached])]);
    });
  }
  function items(at, place, holds, fails, value) {
    const write = (sign) => either(sources(at).map((source) => both([answered(source), `${item(source, place)} ${sign} ${value}`])));
    return [write(holds), write(fails)];
  }

  const notAsked = (at) => {
    const { when, answeredBy } = questions[at];
    return [...(when ? [fails(when)] : []), ...(answeredBy === undefined ? [] : [asked(answeredBy)])];
  };
  const asked = (at) => {
    const { when, answeredBy } = questions[at];
    const parts = [...(when ? [holds(when)] : []), ...(answeredBy === undefined ? [] : notAsked(answeredBy))];
    return parts.length > 0 ? both(parts) : undefined;
  };

  function holds([kind, ...parts]) {
    switch (kind) {
      case "all":
        return both(parts.map(holds));
      case "any":
        return either(parts.map(holds));
      case "none":
        return both(parts.map(fails));
      case "least":
        return `${parts.slice(1).map((part) => `iif(${holds(part)}, 1, 0)`).join(" + ")} >= ${parts[0]}`;
      case "set":
        return holds(sets[parts[0]]);
      default:
        return LINES[kind](...parts)[0];
    }
  }
  function fails([kind, ...parts]) {
    switch (kind) {
      case "all":
        return either(parts.map(fails));
      case "any":
        return both(parts.map(fails));
      case "none":
        return either(parts.map(holds));
      case "least": {
        const [count, ...of] = parts;
        return `${of.map((part) => `iif(${fails(part)}, 0, 1)`).join(" + ")} < ${count}`;
      }
      case "set":
        return fails(sets[parts[0]]);
      default:
        return either([LINES[kind](...parts)[1], ...notAsked(parts[0])]);
    }
  }
  return { holds, asked, open };
}

/** Questions that a condition reads. */
function reads({ sets, questions }, [kind, ...parts]) {
  if (kind === "set") return reads({ sets, questions }, sets[parts[0]]);
  if (["all", "any", "none", "least"].includes(kind)) {
    return parts.filter(Array.isArray).flatMap((part) => reads({ sets, questions }, part));
  }
  return [parts[0], questions[parts[0]].answeredBy].filter((at) => at !== undefined);
}

function element(question, at, { asked, open }, ui) {
  const base = { name: nameOf(question), title: question.title, description: question.hint || undefined, isRequired: true, visibleIf: asked(at) };
  if (question.kind === "number") {
    const range = { type: "numeric", minValue: question.low / 10 ** question.decimals, maxValue: question.high / 10 ** question.decimals };
    const text = ui.error_range.replace("{low}", range.minValue).replace("{high}", range.maxValue);
    return { ...base, type: "text", inputType: "number", requiredErrorText: ui.error_number, validators: [{ ...range, text }] };
  }
  if (question.kind === "instrument") {
    return {
      ...base,
      type: "matrix",
      eachRowRequired: true,
      columns: question.values.map((text, value) => ({ value, text })),
      rows: question.items.map(({ text }, place) => ({ value: `i${place + 1}`, text, visibleIf: place > 0 ? open(at) : undefined })),
    };
  }
  const choices = question.options.map(({ id, label }) => ({ value: id, text: label }));
  if (question.kind === "one") return { ...base, type: "radiogroup", choices, requiredErrorText: ui.error_one };
  const alone = question.options.filter(({ exclusive }) => exclusive);
  const [none] = alone;
  if (alone.length > 1) throw new Error(`${question.id} has more than one answer that stands alone; SurveyJS knows one`);
  return {
    ...base,
    type: "checkbox",
    requiredErrorText: ui.error_many,
    choices: choices.filter(({ value }) => value !== none?.id),
    ...(none && { showNoneItem: true, noneText: none.label, noneValue: none.id }),
  };
}

/**
 * What the page of the SurveyJS peer holds: the survey's JSON, and the words of the result for `widget.js`.
 * A number with an "I do not know" would need two SurveyJS questions, and no question of ours has one.
 */
export function surveyForm(form) {
  const { questions, rules, outcomes, sections, talk, ui } = form;
  const open = questions.filter(({ unknown }) => unknown);
  if (open.length > 0) throw new Error(`the SurveyJS peer has no numbers with "I do not know": ${open.map(({ id }) => id)}`);
  const write = expressions(form);
  const asking = (outcome) => rules.flatMap((rule, at) => (rule.outcome === outcome ? [`{rule_${at}} = true`] : []));
  const outcome = outcomes.reduceRight(
    (otherwise, { id }, at) => (asking(at).length > 0 ? `iif(${either(asking(at))}, ${quote(id)}, ${otherwise})` : otherwise),
    quote(outcomes[form.otherwise].id),
  );
  const stops = outcomes.filter(({ stops }) => stops).map(({ id }) => `{outcome} = ${quote(id)}`);
  const survey = {
    showTitle: false,
    showQuestionNumbers: "off",
    showProgressBar: true,
    progressBarType: "questions",
    questionErrorLocation: "top",
    clearInvisibleValues: "onHidden",
    firstPageIsStartPage: true,
    startSurveyText: ui.start,
    pageNextText: ui.continue,
    pagePrevText: ui.back,
    completeText: ui.see_result,
    previewText: ui.check_title,
    editText: ui.change,
    showPreviewBeforeComplete: "showAllQuestions",
    pages: [
      { name: "start", elements: [{ type: "html", name: "start_text", html: "" }] },
      ...questions.map((question, at) => ({
        name: `page_${nameOf(question)}`,
        title: sections[question.section]?.title,
        elements: [element(question, at, write, ui)],
      })),
    ],
    calculatedValues: [
      ...rules.map(({ when }, at) => ({ name: `rule_${at}`, expression: write.holds(when) || NEVER })),
      { name: "outcome", expression: outcome },
    ],
    triggers: [{ type: "complete", expression: either(stops) }],
  };
  return {
    survey,
    ui,
    talk,
    outcomes,
    rules: rules.map((rule) => ({
      outcome: rule.outcome,
      title: rule.title,
      text: rule.text,
      talk: rule.talk,
      talkWhen: rule.talkWhen.map(([to, when]) => [to, write.holds(when)]),
      reads: [...new Set(reads(form, rule.when))].sort((a, b) => a - b).map((at) => nameOf(questions[at])),
    })),
  };
}
