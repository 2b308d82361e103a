use std::{
    collections::{HashMap, HashSet},
    ffi::OsString,
    fmt::Display,
    path::Path,
};

use zeroize::Zeroizing;

use super::{
    parse,
    setting::{Kind, Service, Setting},
    sources::Sources,
    table,
};

/// Gives out the value of each setting and collects mistakes.
#[derive(Debug)]
pub struct Reader {
    flags: HashMap<String, OsString>,
    environment: HashMap<OsString, OsString>,
    file: toml::Table,
    mistakes: Vec<String>,
}

/// A value as it was given, and where.
struct Given {
    text: Zeroizing<String>,
    /// What a message calls the place: `--listen`, `POSTHORN_LISTEN` or `listen in posthorn.toml`.
    place: String,
}

/// Longest file that a secret or the settings may be in, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

impl Reader {
    pub(super) fn new(service: Service, sources: Sources) -> Self {
        let mut reader = Self {
            flags: HashMap::new(),
            environment: sources.environment,
            file: toml::Table::new(),
            mistakes: Vec::new(),
        };
        reader.take_flags(service, sources.arguments);
        reader.take_file();
        reader
    }

    pub(super) fn into_mistakes(self) -> Vec<String> {
        self.mistakes
    }

    /// Notes that a setting is wrong in a way that no reader of a single value can see.
    pub fn mistake(&mut self, setting: &Setting, detail: impl Display) {
        self.mistakes
            .push(format!("{}: {detail}", setting.variable()));
    }

    /// The value of a setting that must be there, or `None` after noting a mistake.
    pub fn required<T, E: Display>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.optional(setting, parse)?;
        if value.is_none() {
            self.mistake(setting, "is required");
        }
        value
    }

    /// The value of a setting that may be absent; the outer `None` comes after noting a mistake.
    pub fn optional<T, E: Display>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        let Some(given) = self.given(setting)? else {
            return Some(None);
        };
        match parse(&given.text) {
            Ok(value) => Some(Some(value)),
            Err(detail) => {
                self.mistakes.push(format!("{}: {detail}", given.place));
                None
            }
        }
    }

    /// A variable that is not ours, such as those of OpenTelemetry, by its whole name; an empty one counts as absent.
    /// The outer `None` comes after noting a mistake, which does not repeat the value.
    pub fn variable<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        let Some(value) = self.environment.get(&OsString::from(name)) else {
            return Some(None);
        };
        let parsed = match value.to_str().map(str::trim) {
            Some("") => return Some(None),
            Some(text) => parse(text).map_err(|detail| format!("{name}: {detail}")),
            None => Err(format!("{name}: is not UTF-8")),
        };
        match parsed {
            Ok(value) => Some(Some(value)),
            Err(mistake) => {
                // Several settings may ask for the same variable.
                if !self.mistakes.contains(&mistake) {
                    self.mistakes.push(mistake);
                }
                None
            }
        }
    }

    /// Whether a switch is on.
    pub fn switch(&mut self, setting: &Setting) -> Option<bool> {
        self.required(setting, parse::switch)
    }

    /// The first place that gives the setting; the outer `None` comes after noting a mistake.
    fn given(&mut self, setting: &Setting) -> Option<Option<Given>> {
        let flag = setting.flag();
        let variable = setting.variable();
        let in_flags = [flag.clone(), format!("{flag}-file")]
            .map(|name| self.flags.get(&name).cloned().map(|value| (name, value)));
        let in_environment = [variable.clone(), format!("{variable}_FILE")].map(|name| {
            let value = self.environment.get(&OsString::from(&name)).cloned();
            value.filter(|v| !v.is_empty()).map(|value| (name, value))
        });
        let in_file = [setting.name.to_owned(), format!("{}_file", setting.name)].map(|name| {
            let value = self.file.get(&name).cloned()?;
            Some((name, value))
        });

        for [direct, from_file] in [in_flags, in_environment] {
            let from_file = from_file.filter(|_| setting.kind == Kind::Secret);
            match (direct, from_file) {
                (Some((place, _)), Some((other, _))) => return self.both(&place, &other),
                (Some((place, value)), None) => return self.utf8(place, value).map(Some),
                (None, Some((place, path))) => {
                    return self.secret_file(place, Path::new(&path)).map(Some);
                }
                (None, None) => {}
            }
        }
        let [direct, from_file] = in_file;
        match (direct, from_file.filter(|_| setting.kind == Kind::Secret)) {
            (Some((place, _)), Some((other, _))) => self.both(&place, &other),
            (Some((place, value)), None) => self.toml_text(place, &value).map(Some),
            (None, Some((place, toml::Value::String(path)))) => {
                self.secret_file(place, Path::new(&path)).map(Some)
            }
            (None, Some((place, _))) => self.wrong(&place, "must be a path"),
            (None, None) => Some(setting.default.map(|text| Given {
                text: Zeroizing::new(text.to_owned()),
                place: variable,
            })),
        }
    }

    fn wrong<T>(&mut self, place: &str, detail: impl Display) -> Option<T> {
        self.mistakes.push(format!("{place}: {detail}"));
        None
    }

    fn both<T>(&mut self, place: &str, other: &str) -> Option<T> {
        self.wrong(
            place,
            format_args!("is given, and {other} too: give one of them"),
        )
    }

    fn utf8(&mut self, place: String, value: OsString) -> Option<Given> {
        match value.into_string() {
            Ok(text) => Some(Given {
                text: Zeroizing::new(text),
                place,
            }),
            Err(_) => self.wrong(&place, "is not UTF-8"),
        }
    }

    fn secret_file(&mut self, place: String, path: &Path) -> Option<Given> {
        match read_file(path) {
            Ok(text) if text.trim().is_empty() => {
                self.wrong(&place, format_args!("{} is empty", path.display()))
            }
            Ok(text) => Some(Given {
                text: Zeroizing::new(text.trim().to_owned()),
                place,
            }),
            Err(detail) => self.wrong(
                &place,
                format_args!("cannot read {}: {detail}", path.display()),
            ),
        }
    }

    fn toml_text(&mut self, place: String, value: &toml::Value) -> Option<Given> {
        match plain_text(value) {
            Some(text) => Some(Given {
                text: Zeroizing::new(text),
                place,
            }),
            None => self.wrong(
                &place,
                "must be a text, a number, true, false or a list of these",
            ),
        }
    }

    fn take_flags(&mut self, service: Service, arguments: Vec<OsString>) {
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let Some(text) = argument.to_str() else {
                self.mistakes.push(format!("{argument:?}: is not UTF-8"));
                continue;
            };
            let (name, attached) = match text.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(OsString::from(value))),
                None => (text.to_owned(), None),
            };
            let Some(kind) = flag_kind(service, &name) else {
                // A mistyped flag may carry a secret: its value is not repeated.
                self.wrong::<()>(&name, "is not a setting of this program");
                if attached.is_none() && name.starts_with("--") {
                    skip_value(&mut arguments);
                }
                continue;
            };
            let value = match (attached, kind) {
                (Some(value), _) => Some(value),
                (None, Kind::Switch) => Some(OsString::from("true")),
                (None, Kind::Plain | Kind::Secret) => arguments.next(),
            };
            match value {
                None => self.wrong(&name, "needs a value").unwrap_or_default(),
                Some(value) => {
                    if self.flags.insert(name.clone(), value).is_some() {
                        self.wrong::<()>(&name, "is given twice");
                    }
                }
            }
        }
    }

    fn take_file(&mut self) {
        let Some(Some(given)) = self.given(&table::CONFIG) else {
            return;
        };
        let path = Path::new(given.text.as_str());
        let table = match read_file(path) {
            Ok(text) => text.parse::<toml::Table>().map_err(|error| {
                // The parser's own words quote the line, which may hold a secret.
                let line = error
                    .span()
                    .and_then(|span| text.get(..span.start))
                    .map_or(1, |before| before.matches('\n').count() + 1);
                format!("{}, line {line}: {}", path.display(), error.message())
            }),
            Err(detail) => Err(format!("cannot read {}: {detail}", path.display())),
        };
        match table {
            Ok(table) => {
                let known = file_keys();
                for key in table.keys().filter(|key| !known.contains(key.as_str())) {
                    self.mistakes
                        .push(format!("{key} in {}: is not a setting", path.display()));
                }
                self.file = table;
            }
            Err(detail) => self.wrong(&given.place, detail).unwrap_or_default(),
        }
    }
}

/// An unknown flag's value would otherwise be reported as a second mistake.
fn skip_value(arguments: &mut std::vec::IntoIter<OsString>) {
    let value_follows = arguments
        .as_slice()
        .first()
        .is_some_and(|next| !next.to_string_lossy().starts_with("--"));
    if value_follows {
        arguments.next();
    }
}

fn flag_kind(service: Service, flag: &str) -> Option<Kind> {
    if flag == table::CONFIG.flag() {
        return Some(Kind::Plain);
    }
    table::ALL
        .iter()
        .filter(|setting| setting.belongs_to(service))
        .find_map(|setting| {
            let own = setting.flag();
            let is_file = setting.kind == Kind::Secret && flag.strip_suffix("-file") == Some(&own);
            if own == flag {
                Some(setting.kind)
            } else {
                is_file.then_some(Kind::Plain)
            }
        })
}

fn file_keys() -> HashSet<String> {
    table::ALL
        .iter()
        .flat_map(|setting| {
            let of_file = (setting.kind == Kind::Secret).then(|| format!("{}_file", setting.name));
            [Some(setting.name.to_owned()), of_file]
        })
        .flatten()
        .collect()
}

fn plain_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(values) => {
            let texts: Option<Vec<String>> = values.iter().map(plain_text).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, String> {
    let size = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if size > FILE_BYTES_MAX {
        return Err(format!("it is larger than {FILE_BYTES_MAX} bytes"));
    }
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| error.to_string())
}
