//! Takes code out of the module that the widget never runs.
//!
//! Yew can do more than the widget asks of it: parse HTML, move elements into other places of the page, wait for
//! parts. And every place in Rust that could panic brings the code that words the message, which nobody would read. The
//! compiler cannot know that; we do. A function cut here ends the module at once when it is called after all, which the
//! loader notices like any failure: the list on paper takes over.

use std::collections::HashMap;

use walrus::ir::{Instr, InstrLocId, InstrSeq, Unreachable, VisitorMut, dfs_pre_order_mut};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

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
    ("HTML from text: the widget has none, and must not be able to.", &["yew::dom_bundle::braw::"]),
    (
        "Parts of Yew that the screens do not use: elements elsewhere in the page, and parts that wait.",
        &["yew::dom_bundle::bportal::", "yew::dom_bundle::bsuspense::"],
    ),
    (
        "Attributes kept in a map, and properties of elements: all elements here share one list of attributes.",
        &["Attributes>::apply_diff_as_maps", "Attributes>::apply_diff_index_maps", "indexmap::"],
    ),
    (
        "A tree with more than a dozen entries: Yew keeps one for each component, and there is one component.",
        &["alloc::collections::btree::node::BalancingContext"],
    ),
];

/// Cuts the functions and everything that only they used. Gives the number of functions cut.
pub(crate) fn cut(module: &mut Module) -> usize {
    let all: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let mut stubs = HashMap::new();
    for id in &all {
        let function = module.funcs.get(*id);
        if !function.name.as_deref().is_some_and(is_cut) {
            continue;
        }
        let ty = module.types.get(function.ty());
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let mut stub = FunctionBuilder::new(&mut module.types, &params, &results);
        stub.func_body().unreachable();
        let args = params.iter().map(|ty| module.locals.add(*ty)).collect();
        module.funcs.get_mut(*id).kind = FunctionKind::Local(stub.local_func(args));
        stubs.insert(*id, params.len());
    }
    for id in all {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            let start = function.entry_block();
            dfs_pre_order_mut(&mut Ends { stubs: &stubs }, function, start);
        }
    }
    walrus::passes::gc::run(module);
    stubs.len()
}

/// Ends the code where it would call a function that was cut: nothing after that is ever run.
struct Ends<'a> {
    /// The functions cut, and how many values each takes.
    stubs: &'a HashMap<FunctionId, usize>,
}

impl VisitorMut for Ends<'_> {
    fn start_instr_seq_mut(&mut self, seq: &mut InstrSeq) {
        let params = |instr: &Instr| match instr {
            Instr::Call(call) => self.stubs.get(&call.func).copied(),
            _ => None,
        };
        let Some((mut at, mut params)) =
            seq.instrs.iter().enumerate().find_map(|(at, (instr, _))| Some((at, params(instr)?)))
        else {
            return;
        };
        // The values put ready for the call are not needed either, as far as they are plain to see.
        while params > 0
            && let Some((Instr::Const(_) | Instr::LocalGet(_) | Instr::GlobalGet(_), _)) =
                at.checked_sub(1).and_then(|before| seq.instrs.get(before))
        {
            at -= 1;
            params -= 1;
        }
        seq.instrs.truncate(at);
        seq.instrs.push((Instr::Unreachable(Unreachable {}), InstrLocId::default()));
    }
}

fn is_cut(name: &str) -> bool {
    let name = without_crate_hashes(name);
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
