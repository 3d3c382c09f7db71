//! The command: arguments, streams and surroundings of the process, handed to [`fieldgate::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    let environment = fieldgate::cli::Environment::of_process();
    let (mut stdin, mut stdout, mut stderr) =
        (std::io::stdin(), anstream::AutoStream::always(std::io::stdout()), anstream::AutoStream::always(std::io::stderr()));
    let mut streams = fieldgate::cli::Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr };
    fieldgate::cli::run(std::env::args_os(), &mut streams, &environment).into()
}
