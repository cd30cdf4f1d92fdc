//! The screens' TypeScript types come from this crate. This test fails when the committed file
//! differs from what the Rust types say; `UPDATE=1` writes it.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fs,
    path::PathBuf,
};

use errand_protocol::{AppEvent, Command, Failure, commands, with_commands};
use ts_rs::{Config, TS, TypeVisitor};

/// Every type met so far, by name.
struct Types {
    config: Config,
    seen: HashSet<TypeId>,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(&self.config));
            let name = T::ident(&self.config);
            let earlier = self.found.insert(name.clone(), text.clone());
            assert!(
                earlier.is_none_or(|earlier| earlier == text),
                "two types are called {name}"
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl Types {
    fn command<C: Command + TS + 'static>(&mut self)
    where
        C::Response: TS + 'static,
    {
        self.visit::<C>();
        self.visit::<C::Response>();
    }
}

fn generated() -> String {
    let config = Config::new().with_large_int("number");
    let mut types = Types {
        config,
        seen: HashSet::new(),
        found: BTreeMap::new(),
    };
    macro_rules! collect {
        ($($name:ident: $request:ident -> $response:ty),+ $(,)?) => {
            $(types.command::<commands::$request>();)+
        };
    }
    with_commands!(collect);
    types.visit::<AppEvent>();
    types.visit::<Failure>();
    let head = "// Made from the Rust types by `cargo xtask bindings`. Change those instead.\n\n";
    let types: String = types.found.into_values().map(|text| text + "\n").collect();
    format!("{head}{types}{}", commands::typescript())
}

#[test]
fn the_committed_bindings_say_what_the_rust_types_say() {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/backend/bindings/index.ts");
    let text = generated();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().expect("the file is in a folder")).expect("made");
        fs::write(&file, &text).expect("written");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == text,
        "run `cargo xtask bindings` and commit {}",
        file.display()
    );
}
