//! The widget's state and what changes it. Nothing is kept anywhere but here.

use std::cell::RefCell;
use std::rc::Rc;

use checker_rules::{Program, QuestionIdx, Screen, Session, decode};
use yew::{Component, Context, Html, Properties};

use crate::entry::{Entry, Problem, unlikely};
use crate::heard;
use crate::page;
use crate::words::{self, Ui, Words};

/// The id of each screen's heading, which takes the focus when the screen appears.
pub(crate) const TITLE: &str = "checker-title";
/// The id of the list of what is wrong, which takes the focus after a Continue that does not go on.
pub(crate) const ERRORS: &str = "checker-errors";
/// The id of a number's field.
pub(crate) const NUMBER: &str = "checker-number";

/// What the page handed over.
#[derive(Clone, Properties)]
pub(crate) struct Props {
    pub(crate) program: Rc<Program>,
    pub(crate) words: Rc<Words>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.program, &other.program) && Rc::ptr_eq(&self.words, &other.words)
    }
}

/// Reads the page's text; nothing when a part of it is missing or torn.
pub(crate) fn read(text: &'static str) -> Option<Props> {
    let (bytes, words) = words::cut(text)?;
    let program = decode(&bytes).ok()?;
    let words = Words::read(words, &program)?;
    Some(Props { program: Rc::new(program), words: Rc::new(words) })
}

/// What a reader does.
#[derive(Debug, Clone)]
pub(crate) enum Msg {
    Pick(u16),
    /// What stands in the number's field has changed.
    Write,
    Unknown,
    Item(u16, u8),
    Continue,
    Back,
    Change(QuestionIdx),
    Clear,
    /// As `Clear`, when the page is left: says nothing and moves no focus.
    Forget,
    Leave,
    Print,
    Save,
    SaveRecord,
    Focus(String),
}

/// The widget.
pub(crate) struct App {
    pub(crate) words: Rc<Words>,
    pub(crate) session: Session,
    pub(crate) started: bool,
    /// The answers were just cleared; the start screen says so.
    pub(crate) cleared: bool,
    pub(crate) screen: Screen,
    /// The answers so far call for crisis help.
    pub(crate) crisis: bool,
    /// Crisis help is on the screen for the first time, so it is also spoken.
    pub(crate) crisis_new: bool,
    pub(crate) entry: Entry,
    pub(crate) problems: Vec<Problem>,
    /// The number that was typed is unlikely, and the reader is asked whether it is right.
    pub(crate) unsure: bool,
    /// Which screen this is, counted from the first: no element outlives its screen.
    pub(crate) visit: u32,
    /// Copies of the page's templates on this screen.
    pub(crate) parts: RefCell<Vec<(String, web_sys::Node)>>,
    focus: Option<(String, bool)>,
}

impl Component for App {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let session = Session::start(Rc::clone(&ctx.props().program));
        let screen = session.screen();
        Self {
            words: Rc::clone(&ctx.props().words),
            session,
            started: false,
            cleared: false,
            screen,
            crisis: false,
            crisis_new: false,
            entry: Entry::default(),
            problems: Vec::new(),
            unsure: false,
            visit: 0,
            parts: RefCell::default(),
            focus: None,
        }
    }

    fn update(&mut self, _ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Pick(option) => self.edit(|entry, kind| entry.pick(kind, option)),
            Msg::Write => self.edit(|entry, _| entry.write(page::typed(NUMBER))),
            Msg::Unknown => self.edit(|entry, _| entry.toggle_unknown()),
            Msg::Item(item, value) => self.edit(|entry, _| entry.set_item(item, value)),
            Msg::Continue => self.go_on(),
            // Back from "is this right?" is the same question with what was typed.
            Msg::Back if self.unsure => {
                self.turn();
                self.focus = Some((NUMBER.into(), true));
            }
            Msg::Back => {
                if !self.session.back() {
                    self.started = false;
                }
                self.next_screen();
            }
            Msg::Change(question) => {
                self.session.change(question);
                self.next_screen();
            }
            Msg::Clear => {
                self.forget();
                self.cleared = true;
                self.focus = Some((TITLE.into(), true));
            }
            Msg::Forget => self.forget(),
            Msg::Leave => {
                self.forget();
                page::leave();
            }
            Msg::Print => {
                page::print();
                return false;
            }
            Msg::Save => {
                page::save(self.words.ui(Ui::SaveFile), &self.copy());
                return false;
            }
            Msg::SaveRecord => {
                page::save(self.words.ui(Ui::SaveRecordFile), &self.record());
                return false;
            }
            Msg::Focus(id) => {
                page::focus(&id, false);
                return false;
            }
        }
        true
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        heard::forget();
        self.draw()
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        if let Some((id, top)) = self.focus.take() {
            page::focus(&id, top);
        }
    }
}

impl App {
    /// Changes what stands in the current question's inputs. What was wrong before stays on the screen until the
    /// next Continue, so that nothing moves under the reader's hands.
    fn edit(&mut self, change: impl FnOnce(&mut Entry, &checker_rules::Kind)) {
        if let Screen::Question(at) = self.screen
            && let Some(question) = self.session.program().question(at)
        {
            change(&mut self.entry, &question.kind);
        }
    }

    fn go_on(&mut self) {
        if !self.started {
            self.started = true;
        } else if let Screen::Question(at) = self.screen {
            let Some(question) = self.session.program().question(at) else { return };
            match self.entry.answer(&question.kind) {
                // The entry has checked what the session checks; should they ever differ, the question stays.
                Ok(answer) => {
                    // Asked once: not again after a yes, nor when the same number comes back.
                    if !self.unsure
                        && unlikely(&question.kind, &answer)
                        && self.session.offered(at) != Some(&answer)
                    {
                        self.turn();
                        self.unsure = true;
                        return;
                    }
                    if self.session.answer(at, answer).is_err() {
                        return;
                    }
                }
                Err(problems) => {
                    self.problems = problems;
                    self.focus = Some((ERRORS.into(), true));
                    return;
                }
            }
        } else {
            self.session.finish();
        }
        self.next_screen();
    }

    /// Works out the screen after the answers have changed.
    fn next_screen(&mut self) {
        self.screen = self.session.screen();
        let crisis = self.session.evaluation().crisis;
        self.crisis_new = crisis && !self.crisis;
        self.crisis = crisis;
        self.entry = match self.screen {
            Screen::Question(at) => self
                .session
                .program()
                .question(at)
                .map(|question| Entry::new(&question.kind, self.session.offered(at)))
                .unwrap_or_default(),
            _ => Entry::default(),
        };
        self.turn();
    }

    /// Another screen: nothing of the last one is used again, and the focus goes to the heading.
    fn turn(&mut self) {
        self.problems.clear();
        self.unsure = false;
        self.cleared = false;
        self.visit = self.visit.wrapping_add(1);
        self.parts.borrow_mut().clear();
        self.focus = Some((TITLE.into(), true));
    }

    fn forget(&mut self) {
        self.session.clear();
        self.started = false;
        self.next_screen();
        self.focus = None;
    }
}
