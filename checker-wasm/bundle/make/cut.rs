//! Takes code out of the module that the widget never runs.
//!
//! Yew can do more than the widget asks of it: parse HTML, move elements into other places of the page, wait for
//! parts. And every place in Rust that could panic brings the code that words the message, which nobody would read. The
//! compiler cannot know that; we do. A function cut here ends the module at once when it is called after all, which the
//! loader notices like any failure: the list on paper takes over.

use std::collections::HashSet;

use walrus::ir::{
    Block, Call, IfElse, Instr, InstrLocId, InstrSeqId, Loop, Unreachable, Visitor, dfs_in_order,
};
use walrus::{ElementItems, ExportItem, FunctionId, FunctionKind, LocalFunction, Module};

/// Parts of the names of functions to cut, and why each is never needed.
const CUT: &[(&str, &[&str])] = &[
    (
        "Wording: the message of a panic, and numbers as text, which the widget writes by itself. The trap is enough: the \
         loader shows the list on paper.",
        &[
            "core::fmt::",
            "char>::escape_debug",
            "console_error_panic_hook::",
            "core::cell::panic_",
            "core::option::expect_failed",
            "core::option::unwrap_failed",
            "core::panicking::",
            "core::result::unwrap_failed",
            "core::slice::index::slice_index_fail",
            "core::str::slice_error_fail",
            "core::unicode::unicode_data::grapheme_extend",
            "alloc::alloc::handle_alloc_error",
            "alloc::raw_vec::capacity_overflow",
            "rust_alloc_error_handler",
            "rust_begin_unwind",
            "rust_panic",
            "rust_end_short_backtrace",
            "std::panicking::begin_panic",
            "std::panicking::panic_",
            "wasm_bindgen::throw_str",
        ],
    ),
    (
        "HTML from text: the widget has none, and must not be able to.",
        &["yew::dom_bundle::braw::", "yew::virtual_dom::vraw::VRaw as"],
    ),
    (
        "Parts of Yew that the screens do not use: elements elsewhere in the page, and parts that wait.",
        &[
            "yew::dom_bundle::bportal::",
            "yew::dom_bundle::bsuspense::",
            "yew::suspense::",
            "yew::virtual_dom::vportal::VPortal as",
            "yew::virtual_dom::vsuspense::VSuspense as",
        ],
    ),
    (
        "Attributes kept in a map, and properties of elements: all elements here share one list of attributes.",
        &["Attributes>::apply_diff_as_maps", "Attributes>::apply_diff_index_maps", "indexmap::"],
    ),
    (
        "Lists whose entries change places: no list here has keys.",
        &["yew::dom_bundle::blist::KeyedEntry", "yew::dom_bundle::traits::ReconcileTarget>::shift"],
    ),
    (
        "Components inside components, and new values for one: there is one, and what the page gives it stays.",
        &[
            "yew::html::component::lifecycle::Stateful>::props_changed",
            "yew::utils::RcExt<yew::virtual_dom::vcomp::VComp>",
            "yew::utils::RcExt<yew::virtual_dom::vportal::VPortal>",
            "yew::utils::RcExt<yew::virtual_dom::vsuspense::VSuspense>",
            "yew::virtual_dom::vcomp::VComp as",
        ],
    ),
    (
        "Copies of elements: each is made for one place of one screen.",
        &[
            "Vec<yew::virtual_dom::vnode::VNode> as core::clone::Clone",
            "yew::virtual_dom::vlist::VList as core::clone::Clone",
            "yew::virtual_dom::vnode::VNode as core::clone::Clone",
        ],
    ),
    (
        "Yew's own way of hearing events: the loader hears the four that the widget knows.",
        &[
            "btag::listeners::ListenerRegistration>::register",
            "btag::listeners::Registry>::patch",
            "btag::listeners::Registry>::register",
            "btag::listeners::Registry>::unregister",
            "subtree_root::BSubtree>::ensure_handled",
            "subtree_root::EventDescriptor",
            "subtree_root::SubtreeData>::add_listener",
            "subtree_root::shadow_aware_parent",
        ],
    ),
    (
        "A tree with more than a dozen entries: Yew keeps one for each component, and there is one component.",
        &["alloc::collections::btree::node::BalancingContext"],
    ),
];

/// What Rust code could be called back through from JavaScript; all but the few that are exported for it, and what those
/// call, are never called.
const CLOSURES: &str = "wasm_bindgen::convert::closures::";

/// Cuts the functions and everything that only they used. Gives the number of functions cut.
pub(crate) fn cut(module: &mut Module) -> usize {
    let all: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let called_back = called_back(module);
    let mut stubs = HashSet::new();
    for id in &all {
        let name = without_crate_hashes(module.funcs.get(*id).name.as_deref().unwrap_or_default());
        if is_cut(&name) || (name.contains(CLOSURES) && !called_back.contains(id)) {
            stubs.insert(*id);
        }
    }
    // What only leads to a cut function is cut as well, and so on.
    loop {
        let before = stubs.len();
        for id in &all {
            let FunctionKind::Local(function) = &mut module.funcs.get_mut(*id).kind else { continue };
            let start = function.entry_block();
            if stubs.contains(id) {
                function.block_mut(start).instrs = vec![end()];
            } else {
                shorten(function, start, &stubs);
                if let [(Instr::Unreachable(_), _)] = function.block(start).instrs.as_slice() {
                    stubs.insert(*id);
                }
            }
        }
        if stubs.len() == before {
            break;
        }
    }
    // In tables of functions one of them stands for all.
    let one = stubs.iter().min().copied();
    for element in module.elements.iter_mut() {
        let ElementItems::Functions(functions) = &mut element.items else { continue };
        for function in functions {
            if let Some(one) = one
                && stubs.contains(function)
            {
                *function = one;
            }
        }
    }
    walrus::passes::gc::run(module);
    stubs.len()
}

/// What is exported, and what that calls, straight or through others.
fn called_back(module: &Module) -> HashSet<FunctionId> {
    let mut open: Vec<FunctionId> = module
        .exports
        .iter()
        .filter_map(|export| match export.item {
            ExportItem::Function(id) => Some(id),
            _ => None,
        })
        .collect();
    let mut found = HashSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id)
            && let FunctionKind::Local(function) = &module.funcs.get(id).kind
        {
            let mut calls = Calls::default();
            dfs_in_order(&mut calls, function, function.entry_block());
            open.append(&mut calls.0);
        }
    }
    found
}

/// The functions that some code calls by name.
#[derive(Default)]
struct Calls(Vec<FunctionId>);

impl Visitor<'_> for Calls {
    fn visit_call(&mut self, call: &Call) {
        self.0.push(call.func);
    }
}

fn end() -> (Instr, InstrLocId) {
    (Instr::Unreachable(Unreachable {}), InstrLocId::default())
}

/// How a sequence of instructions can be left.
#[derive(Default)]
struct Ways {
    /// Its end is never reached.
    never_ends: bool,
    /// Where it jumps to.
    jumps: HashSet<InstrSeqId>,
}

/// Ends a sequence where it would call a function that was cut, or where nothing comes back from what it does: nothing
/// after that is ever run.
fn shorten(function: &mut LocalFunction, id: InstrSeqId, stubs: &HashSet<FunctionId>) -> Ways {
    let mut ways = Ways::default();
    let mut instrs = std::mem::take(&mut function.block_mut(id).instrs);
    let mut at = 0;
    while let Some((instr, _)) = instrs.get(at) {
        at += 1;
        let mut trap = false;
        match instr {
            Instr::Call(call) => trap = stubs.contains(&call.func),
            Instr::Unreachable(_) => trap = true,
            Instr::Return(_) => ways.never_ends = true,
            Instr::Br(jump) => {
                ways.jumps.insert(jump.block);
                ways.never_ends = true;
            }
            Instr::BrIf(jump) => {
                ways.jumps.insert(jump.block);
            }
            Instr::BrTable(table) => {
                ways.jumps.extend(table.blocks.iter().chain([&table.default]));
                ways.never_ends = true;
            }
            Instr::Block(Block { seq }) => {
                let seq = *seq;
                let inner = shorten(function, seq, stubs);
                trap = inner.never_ends && !inner.jumps.contains(&seq);
                ways.jumps.extend(inner.jumps);
            }
            Instr::Loop(Loop { seq }) => {
                let inner = shorten(function, *seq, stubs);
                trap = inner.never_ends;
                ways.jumps.extend(inner.jumps);
            }
            Instr::IfElse(IfElse { consequent, alternative }) => {
                let sides = [*consequent, *alternative];
                trap = true;
                for side in sides {
                    let inner = shorten(function, side, stubs);
                    trap &= inner.never_ends && !inner.jumps.contains(&side);
                    ways.jumps.extend(inner.jumps);
                }
            }
            _ => {}
        }
        if ways.never_ends {
            instrs.truncate(at);
        } else if trap {
            ways.never_ends = true;
            instrs.truncate(if acts_first(function, &instrs[at - 1].0) { at } else { at - 1 });
            // What happens inside the module just before its end is of no use to anybody.
            while instrs.last().is_some_and(|(instr, _)| is_inner(instr)) {
                instrs.pop();
            }
            instrs.push(end());
        }
    }
    function.block_mut(id).instrs = instrs;
    ways
}

/// Whether an instruction that ends in a trap does something before that.
fn acts_first(function: &LocalFunction, instr: &Instr) -> bool {
    let acts =
        |seq: InstrSeqId| !matches!(function.block(seq).instrs.as_slice(), [(Instr::Unreachable(_), _)]);
    match instr {
        Instr::Block(Block { seq }) | Instr::Loop(Loop { seq }) => acts(*seq),
        Instr::IfElse(IfElse { consequent, alternative }) => acts(*consequent) || acts(*alternative),
        _ => false,
    }
}

/// Whether an instruction does nothing that could be seen outside the module.
fn is_inner(instr: &Instr) -> bool {
    matches!(
        instr,
        Instr::Const(_)
            | Instr::LocalGet(_)
            | Instr::LocalSet(_)
            | Instr::LocalTee(_)
            | Instr::GlobalGet(_)
            | Instr::GlobalSet(_)
            | Instr::Binop(_)
            | Instr::Unop(_)
            | Instr::Select(_)
            | Instr::Drop(_)
            | Instr::Load(_)
            | Instr::Store(_)
    )
}

fn is_cut(name: &str) -> bool {
    CUT.iter().flat_map(|(_, parts)| *parts).any(|part| name.contains(part))
}

/// `core[c5930c85a12de822]::panicking::panic` is `core::panicking::panic`.
fn without_crate_hashes(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once(']') {
            Some((hash, after)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
                rest = after;
            }
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The module's bytes without its custom sections: the names were only needed to find the functions.
///
/// # Errors
/// A sentence for the developer when the bytes are not a module.
#[cfg_attr(test, expect(dead_code, reason = "only the build itself writes the module"))]
pub(crate) fn without_names(module: &[u8]) -> Result<Vec<u8>, String> {
    let broken = || String::from("the generated module is torn");
    let mut out = module.get(..8).ok_or_else(broken)?.to_vec();
    let mut at = 8;
    while at < module.len() {
        let start = at;
        let id = module[at];
        at += 1;
        let (mut size, mut shift) = (0_usize, 0);
        loop {
            let byte = *module.get(at).ok_or_else(broken)?;
            at += 1;
            size |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let section = module.get(start..at + size).ok_or_else(broken)?;
        at += size;
        if id != 0 {
            out.extend_from_slice(section);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::ir::BinaryOp;
    use walrus::{FunctionBuilder, ValType};

    /// A module in which `start` asks `which`, and then calls one of two functions.
    fn module(first: &str, second: &str) -> (Module, FunctionId) {
        let mut module = Module::default();
        let made = |module: &mut Module, name: &str, value: i32| {
            let mut function = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            function.name(name.into()).func_body().i32_const(value);
            function.finish(vec![], &mut module.funcs)
        };
        let (first, second) = (made(&mut module, first, 1), made(&mut module, second, 2));
        let which = module.locals.add(ValType::I32);
        let mut start = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
        start.name("start".into()).func_body().local_get(which).if_else(
            ValType::I32,
            |yes| {
                yes.call(first);
            },
            |no| {
                no.call(second).i32_const(40).binop(BinaryOp::I32Add);
            },
        );
        let start = start.finish(vec![which], &mut module.funcs);
        module.exports.add("start", start);
        (module, start)
    }

    fn names(module: &Module) -> Vec<String> {
        let mut names: Vec<String> =
            module.funcs.iter().filter_map(|function| function.name.clone()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_never_needed_goes_and_the_rest_stays() {
        let (mut module, _) = module("checker_rules::evaluate", "core[0123456789abcdef]::panicking::panic");
        assert_eq!(cut(&mut module), 1);
        assert_eq!(names(&module), ["checker_rules::evaluate", "start"]);
        // What is left is still a module that can be written and read.
        assert!(Module::from_buffer(&module.emit_wasm()).is_ok());
    }

    #[test]
    fn where_nothing_is_named_nothing_changes() {
        let (mut module, start) = module("checker_rules::one", "checker_rules::two");
        let before = module.funcs.get(start).kind.unwrap_local().size();
        assert_eq!(cut(&mut module), 0);
        assert_eq!(module.funcs.get(start).kind.unwrap_local().size(), before);
        assert_eq!(names(&module).len(), 3);
    }

    #[test]
    fn what_only_leads_to_a_cut_function_is_cut_as_well() {
        let (mut module, _) = module("core::panicking::panic", "core::panicking::panic_fmt");
        // Both ways of `start` end in a trap, so `start` itself is one.
        assert_eq!(cut(&mut module), 3);
        assert_eq!(names(&module), ["start"]);
    }

    #[test]
    fn the_code_after_a_cut_call_ends_there() {
        let (mut module, start) = module("checker_rules::evaluate", "core::panicking::panic");
        let before = module.funcs.get(start).kind.unwrap_local().size();
        cut(&mut module);
        assert!(module.funcs.get(start).kind.unwrap_local().size() < before);
    }

    #[test]
    fn names_are_met_without_their_hashes() {
        let cut = |name| is_cut(&without_crate_hashes(name));
        assert!(cut("core[c5930c85a12de822]::panicking::panic"));
        assert!(cut("<yew::virtual_dom::vraw::VRaw as yew::dom_bundle::traits::Reconcilable>::attach"));
        assert!(!cut("<checker_ui::app::App>::draw"));
    }

    #[test]
    fn ways_in_for_javascript_go_unless_something_exported_leads_to_them() {
        let way = "wasm_bindgen[0123456789abcdef]::convert::closures::_::invoke::<u32>";
        let (mut module, _) = module("checker_rules::evaluate", way);
        assert_eq!(cut(&mut module), 0);
        assert_eq!(names(&module), ["checker_rules::evaluate", "start", way]);
        let first = module.funcs.by_name("checker_rules::evaluate").expect("it is there");
        module.exports.remove("start").expect("it is there");
        module.exports.add("first", first);
        assert_eq!(cut(&mut module), 1);
        assert_eq!(names(&module), ["checker_rules::evaluate"]);
    }
}
