use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use crate::table::root;

/// What the tests are made of: modules, and the functions of all of them.
#[derive(Default)]
pub(crate) struct Sources {
    modules: BTreeSet<String>,
    functions: BTreeMap<String, BTreeSet<PathBuf>>,
    /// What the tests of the console and of its client are called.
    titles: BTreeSet<String>,
}

impl Sources {
    pub(crate) fn read() -> Self {
        let mut sources = Self::default();
        sources.walk(&root().join("crates"));
        sources.walk(&root().join("tests/clients/suite"));
        for tests in [
            "e2e/stories",
            "e2e/pages",
            "packages/client/tests",
            "console/tests",
        ] {
            sources.walk(&root().join("web").join(tests));
        }
        sources
    }

    fn walk(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
            if path.is_dir() {
                self.modules.insert(stem.to_owned());
                self.walk(&path);
            } else if matches!(path.extension().and_then(OsStr::to_str), Some("rs" | "py")) {
                self.modules.insert(stem.to_owned());
                self.read_functions(&path);
            } else if matches!(path.extension().and_then(OsStr::to_str), Some("ts" | "tsx")) {
                let module = stem.split('.').next().unwrap_or(stem);
                self.modules.insert(module.to_owned());
                self.read_titles(&path);
            }
        }
    }

    fn read_functions(&mut self, path: &Path) {
        for line in fs::read_to_string(path).unwrap().lines() {
            let Some((_, rest)) = line.split_once("fn ").or_else(|| line.split_once("def ")) else {
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            self.functions
                .entry(name)
                .or_default()
                .insert(path.to_owned());
        }
    }

    /// A title stands in the line that begins its test.
    fn read_titles(&mut self, path: &Path) {
        for line in fs::read_to_string(path).unwrap().lines() {
            let title = line.trim_start().strip_prefix("test(\"");
            if let Some((title, _)) = title.and_then(|rest| rest.split_once('"')) {
                self.titles.insert(title.to_owned());
            }
        }
    }

    /// Whether a test of the console or of its client is called so.
    pub(crate) fn hold_title(&self, title: &str) -> bool {
        self.titles.contains(title)
    }

    /// `module::test`, `module::*`, or either of the two alone.
    pub(crate) fn hold(&self, name: &str) -> bool {
        match name.rsplit_once("::") {
            Some((module, "*")) => module.split("::").all(|part| self.modules.contains(part)),
            Some((module, test)) => self.functions.get(test).is_some_and(|files| {
                let part = module.rsplit("::").next().unwrap_or(module);
                files.iter().any(|file| is_within(file, part))
            }),
            None => self.functions.contains_key(name) || self.modules.contains(name),
        }
    }
}

/// Whether a module of this name is on the way to a file. Python's tests may be inherited from any file.
fn is_within(file: &Path, module: &str) -> bool {
    file.extension() == Some(OsStr::new("py"))
        || file.file_stem() == Some(OsStr::new(module))
        || file.iter().any(|part| part == OsStr::new(module))
}
