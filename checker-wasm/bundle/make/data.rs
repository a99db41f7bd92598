//! Takes constants out of the module that no code reads any more: messages of panics, names of source files, tables for
//! text formatting. The linker leaves every constant as a segment of its own; here what is reached from the code that is
//! left is kept, and all of it becomes one segment again.
//!
//! Where in the sources a panic would be is handed on in many places and read in none, because the wording of panics is
//! cut: such places go too, though code names their addresses.

use std::collections::BTreeSet;

use walrus::ir::{Const, Load, MemArg, Store, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataId, DataKind, GlobalKind, Module};

/// Code may reach a table by an address somewhat before it, when its index never starts at 0.
const BEFORE: u32 = 64;

/// One constant of the module.
struct Constant {
    id: DataId,
    start: u32,
    bytes: Vec<u8>,
}

/// Keeps the constants that the code reaches. Gives how many bytes were dropped.
///
/// # Errors
/// A sentence for the developer when the segments are not of the expected shape.
pub(crate) fn keep_used(module: &mut Module) -> Result<usize, String> {
    let constants = constants(module)?;
    let mut roots = Addresses::default();
    for (_, function) in module.funcs.iter_local() {
        dfs_in_order(&mut roots, function, function.entry_block());
    }
    for global in module.globals.iter() {
        if let GlobalKind::Local(ConstExpr::Value(Value::I32(value))) = global.kind {
            roots.0.insert(value.cast_unsigned());
        }
    }
    let places = places(&constants);
    let used = reached(&constants, roots.0, &places);
    let dropped =
        constants.iter().zip(&used).filter(|(_, used)| !**used).map(|(one, _)| one.bytes.len()).sum();
    let kept: Vec<&Constant> =
        constants.iter().zip(&used).filter(|(_, used)| **used).map(|(one, _)| one).collect();

    // Between constants lie zeros, which memory holds anyway and a compressor does not notice.
    let first = kept.first().ok_or("the widget has no constant left")?;
    let mut whole = Vec::new();
    for one in &kept {
        whole.resize((one.start - first.start) as usize, 0);
        whole.extend(&one.bytes);
    }
    let data = module.data.get_mut(first.id);
    data.value = whole;
    let id = first.id;
    for one in &constants {
        if one.id != id {
            module.data.delete(one.id);
        }
    }
    Ok(dropped)
}

/// The module's constants by address.
fn constants(module: &Module) -> Result<Vec<Constant>, String> {
    let mut found = Vec::new();
    for data in module.data.iter() {
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = data.kind else {
            return Err("a constant of the widget has no fixed place".into());
        };
        found.push(Constant { id: data.id(), start: start.cast_unsigned(), bytes: data.value.clone() });
    }
    found.sort_by_key(|one| one.start);
    if found.windows(2).any(|pair| pair[0].start as usize + pair[0].bytes.len() > pair[1].start as usize) {
        return Err("two constants of the widget overlap".into());
    }
    Ok(found)
}

/// Which constants say where in the sources something is: a name ending in `.rs`, and what leads to one, which is its
/// address and length, a line and a column.
fn places(constants: &[Constant]) -> Vec<bool> {
    let is_name = |bytes: &[u8]| bytes.ends_with(b".rs") && bytes.iter().all(u8::is_ascii_graphic);
    let mut found: Vec<bool> = vec![false; constants.len()];
    for (at, one) in constants.iter().enumerate() {
        let Ok(words) = <[u8; 16]>::try_from(one.bytes.as_slice()) else { continue };
        let word = |from: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| words[from + byte]));
        let Ok(name) = constants.binary_search_by_key(&word(0), |other| other.start) else { continue };
        let text = constants[name].bytes.get(..word(4) as usize).unwrap_or_default();
        let padding = constants[name].bytes.get(text.len()..).unwrap_or_default();
        if is_name(text) && padding.iter().all(|byte| *byte == 0) {
            found[at] = true;
            found[name] = true;
        }
    }
    found
}

/// Which constants are reached from these addresses, straight or through other constants. `never`: these are not.
fn reached(constants: &[Constant], addresses: BTreeSet<u32>, never: &[bool]) -> Vec<bool> {
    let mut used = vec![false; constants.len()];
    let mut open: Vec<u32> = addresses.into_iter().collect();
    while let Some(address) = open.pop() {
        let from = constants.partition_point(|one| one.start as usize + one.bytes.len() <= address as usize);
        let near = constants.iter().enumerate().skip(from);
        for (at, one) in near.take_while(|(_, one)| one.start <= address.saturating_add(BEFORE)) {
            if !never[at] && !std::mem::replace(&mut used[at], true) {
                // Addresses stand on addresses that can be divided by four.
                let skip = (one.start.next_multiple_of(4) - one.start) as usize;
                let words = one.bytes.get(skip..).unwrap_or_default().chunks_exact(4);
                open.extend(words.map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])));
            }
        }
    }
    used
}

/// Every number in the code that could be an address.
#[derive(Default)]
struct Addresses(BTreeSet<u32>);

impl Addresses {
    fn offset(&mut self, arg: &MemArg) {
        self.0.extend(u32::try_from(arg.offset).ok());
    }
}

impl Visitor<'_> for Addresses {
    fn visit_const(&mut self, instr: &Const) {
        if let Value::I32(value) = instr.value {
            self.0.insert(value.cast_unsigned());
        }
    }

    fn visit_load(&mut self, instr: &Load) {
        self.offset(&instr.arg);
    }

    fn visit_store(&mut self, instr: &Store) {
        self.offset(&instr.arg);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::FunctionBuilder;

    /// A module with these constants, whose only function names these numbers.
    fn module(constants: &[(i32, &[u8])], numbers: &[i32]) -> Module {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 17, None, None);
        for (start, bytes) in constants {
            let offset = ConstExpr::Value(Value::I32(*start));
            module.data.add(DataKind::Active { memory, offset }, bytes.to_vec());
        }
        let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
        for number in numbers {
            function.func_body().i32_const(*number).drop();
        }
        let function = function.finish(vec![], &mut module.funcs);
        module.exports.add("start", function);
        module
    }

    /// The one segment that is left: where it starts, and its bytes.
    fn left(module: &Module) -> (u32, Vec<u8>) {
        let found = constants(module).expect("well formed");
        assert_eq!(found.len(), 1);
        (found[0].start, found[0].bytes.clone())
    }

    #[test]
    fn a_constant_that_nobody_reads_becomes_zeros() {
        let mut module = module(&[(1000, b"one "), (2000, b"two "), (3000, b"three")], &[1000, 3000]);
        assert_eq!(keep_used(&mut module), Ok(4));
        let (start, bytes) = left(&module);
        assert_eq!((start, bytes.len()), (1000, 2005));
        assert!(bytes.starts_with(b"one ") && bytes.ends_with(b"three"));
        assert!(bytes[1000..1004].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn what_a_constant_leads_to_stays_with_it() {
        let to = 3000_u32.to_le_bytes();
        let mut module = module(&[(1000, &to), (2000, b"two "), (3000, b"three")], &[1000]);
        assert_eq!(keep_used(&mut module), Ok(4));
        assert!(left(&module).1.ends_with(b"three"));
    }

    #[test]
    fn an_address_inside_or_just_before_a_constant_keeps_it() {
        for near in [1002, 1000 - BEFORE.cast_signed()] {
            let mut module = module(&[(1000, b"one "), (2000, b"two ")], &[near]);
            assert_eq!(keep_used(&mut module), Ok(4), "{near}");
            assert_eq!(left(&module), (1000, b"one ".to_vec()));
        }
    }

    /// An address and a length, a line and a column.
    fn place(address: u32, length: u32) -> Vec<u8> {
        [address, length, 7, 1].iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn where_a_panic_would_be_goes_though_code_names_it() {
        let mut module =
            module(&[(1000, &place(2000, 6)), (2000, b"lib.rs"), (3000, b"three")], &[1000, 3000]);
        assert_eq!(keep_used(&mut module), Ok(22));
        assert_eq!(left(&module), (3000, b"three".to_vec()));
    }

    #[test]
    fn what_only_looks_like_such_a_place_stays() {
        for (length, text) in
            [(6, b"lib.md".as_slice()), (5, b"lib.rs"), (6, b"lib.rs and more"), (6, b"a b.rs")]
        {
            let mut module = module(&[(1000, &place(2000, length)), (2000, text)], &[1000]);
            assert_eq!(keep_used(&mut module), Ok(0), "{text:?}");
        }
    }

    #[test]
    fn nothing_goes_when_all_is_read() {
        let mut module = module(&[(1000, b"one "), (2000, b"two ")], &[1000, 2003]);
        assert_eq!(keep_used(&mut module), Ok(0));
        assert_eq!(left(&module).1.len(), 1004);
    }

    #[test]
    fn constants_that_overlap_are_refused() {
        let mut module = module(&[(1000, b"one "), (1002, b"two ")], &[1000]);
        assert!(keep_used(&mut module).is_err());
    }
}
