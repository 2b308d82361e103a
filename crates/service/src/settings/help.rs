use super::{
    Program, Sources,
    setting::{Kind, Setting},
    table,
};

/// The text that `--help` or `--version` prints, if one of them is on the command line.
pub(super) fn asked_for(program: &Program, sources: &Sources) -> Option<String> {
    sources.arguments.iter().find_map(|argument| {
        if argument == "--help" || argument == "-h" {
            Some(help(program))
        } else if argument == "--version" || argument == "-V" {
            Some(format!("{} {}\n", program.name, program.version))
        } else {
            None
        }
    })
}

/// The variables that are not ours.
const TELEMETRY: &str = "  OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_{PROTOCOL,HEADERS,TIMEOUT,COMPRESSION}
      collector that traces and metrics are sent to; none unless given. Protocols are http/protobuf and grpc
      [default: http/protobuf]; each may be set for one signal: OTEL_EXPORTER_OTLP_{TRACES,METRICS}_...
  OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG
      which traces are recorded [default: parentbased_always_on]
  OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_SDK_DISABLED
      otlp or none; true switches both off
  OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
      what the process is called, and what else is said of it
";

fn help(program: &Program) -> String {
    let Program {
        name,
        version,
        about,
        service,
    } = program;
    let mut text = format!(
        "{name} {version}\n{about}\n\nUsage: {name} [--<setting> <value>]...\n\n\
         Each setting is a flag, an environment variable or a line of the TOML file, in this order of\n\
         precedence. A secret may be in a file: --<setting>-file, POSTHORN_<SETTING>_FILE.\n\n"
    );
    text.push_str(&entry(&table::CONFIG));
    for setting in table::ALL.iter().filter(|s| s.belongs_to(*service)) {
        text.push_str(&entry(setting));
    }
    text.push_str(TELEMETRY);
    text.push_str("  -h, --help\n      print this and exit\n  -V, --version\n      print the version and exit\n");
    text
}

fn entry(setting: &Setting) -> String {
    let flag = match setting.kind {
        Kind::Switch => setting.flag(),
        Kind::Plain => format!("{} <value>", setting.flag()),
        Kind::Secret => format!("{0} <value>, {0}-file <path>", setting.flag()),
    };
    let variable = match setting.kind {
        Kind::Secret => format!("{0}, {0}_FILE", setting.variable()),
        Kind::Plain | Kind::Switch => setting.variable(),
    };
    let default = setting
        .default
        .map(|value| format!(" [default: {value}]"))
        .unwrap_or_default();
    format!(
        "  {flag}\n      {variable}\n      {}{default}\n",
        setting.help
    )
}
